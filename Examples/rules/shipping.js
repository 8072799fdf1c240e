({ shipping: distance(order.city) < 50 ? 0 : 4.9 })
