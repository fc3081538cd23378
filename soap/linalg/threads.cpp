#include "soap/linalg/threads.hpp"

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <omp.h>
#include <stdexcept>
#include <string>
#include <system_error>

#ifdef __linux__
#include <sched.h>
#endif

#include "soap/linalg/kernels/kernels.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::atomic<bool> refused = false;

// What the loops that a thread starts run on.
struct Team {
  int asked = 1;  // the most threads that a loop wanted
  int given = 1;
  bool on_all_cores = false;
};
thread_local Team team;

// Held by whoever starts threads, so that no two count on the same ones.
std::mutex& starting() {
  static std::mutex one_at_a_time;
  return one_at_a_time;
}

std::vector<std::thread> start_as_they_are(std::size_t count, const std::function<void()>& body) {
  std::vector<std::thread> threads;
  threads.reserve(count);
  try {
    while (threads.size() < count) threads.emplace_back(body);
  } catch (const std::system_error&) {
    refused = true;
  }
  return threads;
}

bool can_start(std::size_t count) {
  std::latch all_there(1);
  auto threads = start_as_they_are(count, [&] { all_there.wait(); });
  all_there.count_down();
  for (auto& thread : threads) thread.join();
  return threads.size() == count;
}

// OpenMP ends the program when it cannot start a thread, so that the system is asked before: for twice as
// many as are wanted, since it counts those that were asked for a moment longer than they run.
void enlarge_team(int size) {
  team.asked = size;
  const std::scoped_lock lock(starting());
  if (!can_start(2 * static_cast<std::size_t>(size - team.given))) return;
  // Counted, also because a compiler leaves out a region that does nothing.
  std::atomic<int> given = 0;
#pragma omp parallel num_threads(size)
  ++given;
  team.given = given;
}

// All of the team, whatever the loop needs: OpenMP ends the threads that a loop leaves out and starts them
// again for a later one, when the system may refuse them.
int team_for(Index parts) {
  const int asked = static_cast<int>(parts);
  if (asked > team.asked) enlarge_team(asked);
  return team.given;
}

#ifdef __linux__
// All of OpenMP's places together; none where it does not bind threads.
std::vector<cpu_set_t> cores_of_all_places() {
  std::vector<int> cores;
  for (int place = 0; place < omp_get_num_places(); ++place) {
    const std::size_t before = cores.size();
    cores.resize(before + static_cast<std::size_t>(omp_get_place_num_procs(place)));
    omp_get_place_proc_ids(place, cores.data() + before);
  }
  if (cores.empty()) return {};
  const auto last = static_cast<std::size_t>(*std::max_element(cores.begin(), cores.end()));
  std::vector<cpu_set_t> set(1 + last / CPU_SETSIZE);
  const std::size_t bytes = set.size() * sizeof(cpu_set_t);
  CPU_ZERO_S(bytes, set.data());
  for (const int core : cores) CPU_SET_S(static_cast<std::size_t>(core), bytes, set.data());
  return set;
}

// OpenMP binds a thread once: before its first loop, or when it starts it.
void run_on_all_cores() {
  thread_local bool done = false;
  if (done) return;
  done = true;
  static const std::vector<cpu_set_t> cores = cores_of_all_places();
  if (cores.empty()) return;
  (void)omp_get_place_num();
  // Where the system refuses, the thread stays where it is.
  (void)::sched_setaffinity(0, cores.size() * sizeof(cpu_set_t), cores.data());
}
#else
void run_on_all_cores() {}
#endif

int threads_for(Index work) {
  // Below this, waking other threads costs more than it saves.
  constexpr Index threshold = 4096;
  if (work < threshold) return 1;
  // The bodies use the kernels. Their choice may throw, which must not happen on another thread.
  (void)kernels();
  return usable_threads();
}

}  // namespace

void set_threads(int count) {
  if (count < 1) {
    throw std::invalid_argument("threads: found " + std::to_string(count) + ", expected at least 1");
  }
  omp_set_num_threads(count);
}

int usable_threads() { return omp_in_parallel() != 0 ? 1 : omp_get_max_threads(); }

void parallel_for(Index count, Index work, FunctionRef<void(Index)> body) {
  parallel_ranges(count, work, [&](Index first, Index size) {
    for (Index i = first; i < first + size; ++i) body(i);
  });
}

void parallel_ranges(Index count, Index work, FunctionRef<void(Index first, Index size)> body) {
  if (count == 0) return;
  const Index ranges = std::min<Index>(threads_for(work), count);
  const auto start = [&](Index range) { return count * range / ranges; };
  if (ranges == 1) return body(0, count);
  parallel_parts(ranges, [&](Index range) { body(start(range), start(range + 1) - start(range)); });
}

void parallel_parts(Index parts, FunctionRef<void(Index)> body) {
  const bool on_all_cores = team.on_all_cores;
  const int threads = team_for(parts);
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (Index part = 0; part < parts; ++part) {
    if (on_all_cores) run_on_all_cores();
    body(part);
  }
}

std::vector<std::thread> start_threads(std::size_t count, const std::function<void()>& body) {
  const std::scoped_lock lock(starting());
  return start_as_they_are(count, [body] {
    team.on_all_cores = true;
    run_on_all_cores();
    body();
  });
}

bool threads_were_refused() { return refused; }

}  // namespace SOAP_ABI
}  // namespace soap
