// Lets a program that it is loaded into before the C library (LD_PRELOAD) have no more than FEW_THREADS
// threads at a time beside its first one, as `ulimit -u` does for whoever is not root.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <memory>
#include <pthread.h>
#include <thread>

namespace {

std::atomic<long> alive = 0;

struct Start {
  void* (*function)(void*);
  void* argument;
};

// Counts also where the thread ends by pthread_exit, which unwinds the stack. A busy system counts a thread
// for some time after its last work.
struct Counted {
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --alive;
  }
};

void* run(void* given) {
  const Counted counted;
  const std::unique_ptr<Start> start(static_cast<Start*>(given));
  return start->function(start->argument);
}

long most_threads() {
  const char* text = std::getenv("FEW_THREADS");
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

}  // namespace

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                              void* argument) noexcept {
  using Function = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static auto* const next = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, "pthread_create"));
  if (++alive > most_threads()) {
    --alive;
    return EAGAIN;
  }
  auto start = std::make_unique<Start>(Start{function, argument});
  const int error = next(thread, attributes, run, start.get());
  if (error == 0) {
    (void)start.release();
  } else {
    --alive;
  }
  return error;
}
