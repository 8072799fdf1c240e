// A list through its elements: nothing is allocated, and an element that is at hand is taken out at once.
#pragma once

namespace miniracer {

// What an element has for it.
template <class T>
struct Link {
  T* previous = nullptr;
  T* next = nullptr;
};

// Not synchronised. The elements are somebody else's.
template <class T, Link<T> T::* kLink>
class Linked {
 public:
  T* first() const { return first_; }
  static T* After(const T& element) { return (element.*kLink).next; }

  void Add(T* element) {
    element->*kLink = {nullptr, first_};
    if (first_ != nullptr) (first_->*kLink).previous = element;
    first_ = element;
  }

  void Remove(T* element) {
    Link<T>& link = element->*kLink;
    if (link.previous != nullptr) (link.previous->*kLink).next = link.next;
    if (link.next != nullptr) (link.next->*kLink).previous = link.previous;
    if (first_ == element) first_ = link.next;
    link = {};
  }

  // Gives the first, and forgets all; After leads on from there.
  T* TakeAll() {
    T* taken = first_;
    first_ = nullptr;
    return taken;
  }

 private:
  T* first_ = nullptr;
};

}  // namespace miniracer
