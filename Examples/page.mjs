// A page rendered on the server. Its data come from the host, which takes its time.
import { customer, orders } from 'shop';

const escape = (value) => String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

// html`...${value}...`: text is escaped, lists and what html`` made are not.
const html = (strings, ...values) => ({ text: String.raw({ raw: strings }, ...values.map(show)) });
const show = (value) => Array.isArray(value) ? value.map(show).join('') : value?.text ?? escape(value);

export async function render(id) {
  const [{ name }, list] = await Promise.all([customer(id), orders(id)]);
  const total = list.reduce((sum, { price }) => sum + price, 0);
  return html`<h1>Orders of ${name}</h1>
<ul>${list.map(({ what, price }) => html`
  <li>${what}: ${price.toFixed(2)} EUR</li>`)}
</ul>
<p>${list.length} orders, ${total.toFixed(2)} EUR</p>
`.text;
}
