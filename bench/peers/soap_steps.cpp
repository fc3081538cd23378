// Training steps by libsoap.
#include <memory>

#include "soap/linalg/threads.hpp"

#include "bench/training.hpp"
#include "steps.hpp"

int main(int argc, char** argv) {
  return bench::run_steps("soap_steps", argc, argv, [](const bench::Workload& workload, int threads) {
    soap::set_threads(threads);
    const auto training = std::make_shared<bench::Training>(workload);
    return [training](std::int64_t steps) { training->run(steps); };
  });
}
