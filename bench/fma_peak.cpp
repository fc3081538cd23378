#include "fma_peak.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "fma_loops.hpp"
#include "plan.hpp"
#include "table.hpp"

namespace bench {

namespace {

// Rounds in one iteration: a few microseconds.
constexpr std::int64_t rounds = 1000;

std::vector<FmaLoop> loops_of_this_machine() {
  std::vector<FmaLoop> loops{{"16-byte vectors", fma_generic_flops, fma_generic}};
#ifdef SOAP_BENCH_X86
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    loops.push_back({"AVX2", fma_avx2_flops, fma_avx2});
  if (__builtin_cpu_supports("avx512f")) loops.push_back({"AVX-512", fma_avx512_flops, fma_avx512});
#endif
  return loops;
}

// Multiply-adds per second, the best of a few short tries.
double rate(const FmaLoop& loop) {
  constexpr int tries = 20;
  constexpr std::int64_t iterations = 300;
  const Run run = fma_run(loop, 1);
  double best = 0;
  for (int i = 0; i < tries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run(iterations);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, loop.flops * iterations / seconds.count());
  }
  return best;
}

}  // namespace

std::vector<int> thread_counts(const Scope& scope) {
  if (scope.all_threads == 1) return {1};
  return {1, scope.all_threads};
}

const FmaLoop& fma_peak() {
  static const FmaLoop fastest = [] {
    const auto loops = loops_of_this_machine();
    std::vector<double> rates;
    for (const auto& loop : loops) rates.push_back(rate(loop));
    return loops[static_cast<std::size_t>(std::max_element(rates.begin(), rates.end()) - rates.begin())];
  }();
  return fastest;
}

Run fma_run(const FmaLoop& loop, int threads) {
  return [run = loop.run, threads](std::int64_t iterations) {
    // Arguments that the compiler cannot know: a sum of halves stays finite and never becomes denormal.
    volatile float factor = 0.5F;
    volatile float term = 1.0F;
#pragma omp parallel num_threads(threads) default(none) shared(run, iterations, factor, term)
    {
      volatile float sum = run(iterations * rounds, factor, term);
      static_cast<void>(sum);
    }
  };
}

Contender peak_contender(int threads) {
  return {.name = "peak", .flops = fma_peak().flops * static_cast<double>(rounds * threads)};
}

void add_peak(Groups& groups, const Scope& scope) {
  for (const int threads : thread_counts(scope)) {
    groups.push_back(std::make_unique<Group>(
        Group{.name = "multiply-adds",
              .title = "multiply-adds of " + fma_peak().name,
              .threads = threads,
              .contenders = {peak_contender(threads)},
              .make = [=] { return std::vector<Run>{fma_run(fma_peak(), threads)}; },
              .rows = [](const Group& group) { return std::vector<Row>{row_of(group, 0)}; }}));
  }
}

}  // namespace bench
