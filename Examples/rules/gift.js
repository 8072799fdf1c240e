let gift;
while (!gift) gift = order.gifts.find(({ price }) => price > order.total);
({ gift })
