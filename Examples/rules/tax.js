({ tax: order.total * 0.19 )
