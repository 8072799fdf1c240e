// Where any thread leaves finalizers for an isolate: V8's own threads find memory that nobody holds any more, too.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "linked.h"
#include "miniracer.h"

namespace miniracer {

struct Finalizer {
  void* userdata;
  miniracer_finalizer finalize;
};

class Mailbox;

// Made beforehand, so that posting it needs no memory.
struct Letter {
  std::shared_ptr<Mailbox> mailbox;  // where it is to go
  Finalizer finalizer{nullptr, nullptr};
  Letter* next = nullptr;
  Link<Letter> lent;  // of memory that is still out
};

class Mailbox {
 public:
  // Takes the letter over. False when the isolate is gone: it stays with the caller.
  bool Post(Letter* letter) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return false;
    letter->next = first_;
    first_ = letter;
    full_.store(true, std::memory_order_release);
    return true;
  }

  // The letter is out with what it is for, or comes back.
  void Lend(Letter* letter) {
    std::lock_guard<std::mutex> guard(mutex_);
    lent_.Add(letter);
  }
  void Return(Letter* letter) {
    std::lock_guard<std::mutex> guard(mutex_);
    lent_.Remove(letter);
  }
  // All that is still out, for an isolate that will not give it back: the letters themselves stay where they are.
  void CollectLent(std::vector<Finalizer>* into) {
    std::lock_guard<std::mutex> guard(mutex_);
    for (Letter* letter = lent_.first(); letter != nullptr; letter = lent_.After(*letter)) {
      if (letter->finalizer.finalize != nullptr) into->push_back(letter->finalizer);
      letter->finalizer.finalize = nullptr;
    }
  }

  bool full() const { return full_.load(std::memory_order_acquire); }

  void Empty(std::vector<Finalizer>* into) {
    Letter* letter;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      letter = first_;
      first_ = nullptr;
      full_.store(false, std::memory_order_relaxed);
    }
    while (letter != nullptr) {
      into->push_back(letter->finalizer);
      Letter* read = letter;
      letter = letter->next;
      delete read;
    }
  }

  void Close() {
    std::lock_guard<std::mutex> guard(mutex_);
    closed_ = true;
  }

 private:
  std::mutex mutex_;
  Letter* first_ = nullptr;
  Linked<Letter, &Letter::lent> lent_;
  bool closed_ = false;
  std::atomic<bool> full_{false};
};

}  // namespace miniracer
