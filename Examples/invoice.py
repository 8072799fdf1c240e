"""A Handlebars template whose helper is a Python function."""

from _checkout import library
from miniracer import MiniRacer


def price(cents: int, *_: object) -> str:
    return f"{cents / 100:.2f} EUR"


with MiniRacer() as js:
    js.eval(library("handlebars"))
    js.eval("(name, helper) => Handlebars.registerHelper(name, helper)")("price", price)
    template = js.eval(r"Handlebars.compile('Dear {{name}},\n{{#each items}}- {{what}}: {{price cents}}\n{{/each}}')")
    items = [{"what": "Tea", "cents": 350}, {"what": "Cake & <cream>", "cents": 1205}]
    print(template({"name": "Ada", "items": items}), end="")
