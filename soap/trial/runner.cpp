#include "soap/trial/runner.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

class Runner {
 public:
  Runner(const std::vector<TrialOptions>& trials, const Dataset& train, const Dataset& test,
         const RunnerOptions& options)
      : trials_(trials), train_(train), test_(test), options_(options), results_(trials.size()) {}

  std::vector<TrialResult> run() {
    const auto threads = static_cast<std::size_t>(std::max(options_.threads, 1));
    const std::size_t workers = std::min(threads, trials_.size());
    if (workers == 0) return {};
    const auto own_threads = static_cast<int>(threads / workers);
    std::vector<std::thread> crew = start_threads(workers, [&] { work(own_threads); });
    // The system gives no thread at all.
    if (crew.empty()) work(own_threads);
    for (auto& worker : crew) worker.join();
    if (failure_) std::rethrow_exception(failure_);
    std::vector<TrialResult> done;
    for (auto& result : results_) {
      if (result) done.push_back(std::move(*result));
    }
    return done;
  }

 private:
  [[nodiscard]] bool stopping() const {
    return failed_ || (options_.stop_requested && options_.stop_requested());
  }

  void work(int own_threads) {
    set_threads(own_threads);
    for (std::size_t i = next_++; i < trials_.size() && !stopping(); i = next_++) {
      try {
        hand_in(i, run_trial(trials_[i], train_, test_, observers(i),
                             options_.files.empty() ? TrialFiles{} : options_.files.at(i)));
      } catch (...) {
        const std::scoped_lock lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        failed_ = true;
      }
    }
  }

  std::vector<std::unique_ptr<Observer>> observers(std::size_t i) {
    std::vector<std::unique_ptr<Observer>> all;
    if (options_.observe) all = options_.observe(i);
    // Last, so that a stop which the other observers ask for takes effect at this very step.
    all.push_back(every_step([this](const StepEnd& event) {
      if (stopping()) event.control.stop();
    }));
    return all;
  }

  void hand_in(std::size_t i, TrialResult result) {
    const std::scoped_lock lock(mutex_);
    results_[i] = std::move(result);
    while (handed_in_ < results_.size() && results_[handed_in_]) {
      // Counted first: a result whose `finished` throws is not offered again by another thread.
      const TrialResult& next = *results_[handed_in_++];
      if (options_.finished) options_.finished(next);
    }
  }

  const std::vector<TrialOptions>& trials_;
  const Dataset& train_;
  const Dataset& test_;
  const RunnerOptions& options_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  // guards what follows
  std::vector<std::optional<TrialResult>> results_;
  std::size_t handed_in_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

std::vector<TrialResult> run_trials(const std::vector<TrialOptions>& trials, const Dataset& train,
                                    const Dataset& test, const RunnerOptions& options) {
  return Runner(trials, train, test, options).run();
}

}  // namespace SOAP_ABI
}  // namespace soap
