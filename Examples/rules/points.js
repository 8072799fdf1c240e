const { points } = customer(order.customer).card;
({ points: points + Math.floor(order.total) })
