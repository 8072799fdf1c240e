interface Guest {
  name: string;
  visits?: number;
}

export const greet = (guest: Guest): string => `Welcome${guest.visits ? " back" : ""}, ${guest.name}!`;

greet({ nme: "Ada" });
