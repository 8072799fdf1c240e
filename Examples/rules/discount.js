// The tenth order, and all of the large ones.
customer(order.customer).orders % 10 === 0 || order.total > 500 ? { discount: 10 } : {}
