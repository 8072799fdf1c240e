class A { #p = 1; static s = [A]; get p() { return this.#p } }
class B extends A { p = super.p }
[new A(), new B(), B]