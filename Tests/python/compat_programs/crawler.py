"""asyncio: coroutines that JavaScript awaits, promises that Python awaits, scripts that are cancelled."""

import asyncio

import miniracer as py_mini_racer

PAGES = {"/": ["/a", "/b"], "/a": ["/c"], "/b": [], "/c": ["/"]}

SCRIPT = """
async function crawl(start) {
    const seen = new Set([start]), waiting = [start];
    while (waiting.length > 0) {
        const links = JSON.parse(await fetchPage(waiting.shift()));
        for (const link of links) {
            if (!seen.has(link)) { seen.add(link); waiting.push(link); }
        }
    }
    return [...seen].sort().join(' ');
}
"""


async def fetch_page(path):
    await asyncio.sleep(0.001)
    import json

    return json.dumps(PAGES[path])


async def broken(*_):
    raise ValueError("no network")


async def main():
    with py_mini_racer.mini_racer() as ctx:
        async with ctx.wrap_py_function(fetch_page) as function:
            await ctx.eval_cancelable("this")
            ctx.eval("this")["fetchPage"] = function
            ctx.eval(SCRIPT)
            print("crawled", await ctx.eval("crawl('/')"))
            several = [ctx.eval("crawl('/')") for _ in range(3)]
            print("several", len(set(await asyncio.gather(*several))))
        async with ctx.wrap_py_function(broken) as function:
            ctx.eval("this")["fetchPage"] = function
            try:
                await ctx.eval("crawl('/').catch(e => { throw new Error('failed') })")
            except py_mini_racer.JSPromiseError as error:
                print("failed", "failed" in str(error))
        try:
            await asyncio.wait_for(ctx.eval_cancelable("while (true) {}"), timeout=0.1)
        except asyncio.TimeoutError:
            print("cancelled")
        square = ctx.eval("x => x * x").cancelable()
        print("square", await square(12))
        print(
            "later",
            await ctx.eval("new Promise(resolve => setTimeout(() => resolve('done'), 5))"),
        )


asyncio.run(main())
