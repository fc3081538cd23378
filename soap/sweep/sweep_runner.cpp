#include "soap/sweep/sweep_runner.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "soap/base/clock.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using std::chrono::milliseconds;

// Renewed several times within any patience that makes sense.
constexpr milliseconds heartbeat{2000};
constexpr milliseconds pause{100};

struct Task {
  const TrialSetting* setting;
  std::string key;
};

class SweepRunner {
 public:
  SweepRunner(const SweepData& data, const TrialStore& store, const SweepRunnerOptions& options)
      : data_(data), store_(store), options_(options) {}

  bool run(const std::vector<TrialSetting>& trials) {
    line_up(trials);
    const auto threads = static_cast<std::size_t>(std::max(options_.threads, 1));
    // Without it others take over what this process is at, which costs them time and changes no result.
    std::vector<std::thread> pulse = start_threads(1, [this] { show_life(); });
    std::vector<std::thread> crew =
        start_threads(std::min(threads, std::max<std::size_t>(waiting_.size(), 1)), [this] { work(); });
    // The system gives no thread at all.
    if (crew.empty()) work();
    for (auto& worker : crew) worker.join();
    {
      const std::scoped_lock lock(mutex_);
      over_ = true;
    }
    all_over_.notify_all();
    for (auto& thread : pulse) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    return !stopping();
  }

 private:
  // Those without a result, this process's own share first, the longest first in each.
  void line_up(const std::vector<TrialSetting>& trials) {
    std::vector<Task> tasks;
    std::vector<double> works;
    for (const TrialSetting& setting : trials) {
      tasks.push_back({&setting, trial_key(setting)});
      works.push_back(trial_work(setting, data_));
    }
    std::vector<std::size_t> order(tasks.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return works[a] > works[b]; });
    // Places are dealt before results are looked for, so that all processes agree on whose trial is whose.
    const auto owner = [&](std::size_t place) { return static_cast<Index>(place) % options_.world_size; };
    for (const bool own : {true, false}) {
      for (std::size_t place = 0; place < order.size(); ++place) {
        Task& task = tasks[order[place]];
        if ((owner(place) == options_.rank) != own) continue;
        if (const auto record = store_.find(task.key)) {
          tell(options_.finished, *record, Origin::earlier);
        } else {
          waiting_.push_back(std::move(task));
        }
      }
    }
  }

  [[nodiscard]] bool stopping() const {
    return failed_ || (options_.stop_requested && options_.stop_requested());
  }

  void fail(std::exception_ptr failure) {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    failed_ = true;
  }

  void work() {
    set_threads(1);
    try {
      while (std::optional<Task> task = next()) attempt(*task);
    } catch (...) {
      fail(std::current_exception());
    }
  }

  std::optional<Task> next() {
    const std::scoped_lock lock(mutex_);
    if (stopping() || waiting_.empty()) return std::nullopt;
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    return task;
  }

  void attempt(const Task& task) {
    if (!store_.claim(task.key) && !is_free(task.key)) {
      wait_for_others(task);
      return;
    }
    const Claim claim(*this, task.key);
    // It may have been done between the look and the claim.
    std::optional<TrialRecord> record = store_.find(task.key);
    if (!record) {
      tell(options_.started, *task.setting);
      const auto start = Clock::now();
      record = run_sweep_trial(*task.setting, data_, [this] { return stopping(); });
      if (!record) return;
      store_.save(*record);
      tell(options_.timed, task.key, seconds_since(start));
    }
    tell(options_.finished, *record, Origin::now);
  }

  [[nodiscard]] bool is_free(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    return free_.contains(key);
  }

  // Puts the trial back to the end of the line until its result is there or its owner is given up.
  void wait_for_others(const Task& task) {
    if (const auto record = store_.find(task.key)) {
      tell(options_.finished, *record, Origin::now);
      return;
    }
    const auto sign = store_.sign_of_life(task.key);
    bool only_waiting = false;
    {
      const std::scoped_lock lock(mutex_);
      Sighting& last = sightings_[task.key];
      if (!sign || (last.sign == *sign && Clock::now() - last.since > options_.patience)) {
        if (!store_.release(task.key)) free_.insert(task.key);
      } else if (last.sign != *sign) {
        last = {.sign = *sign, .since = Clock::now()};
      }
      waiting_.push_back(task);
      only_waiting = std::all_of(waiting_.begin(), waiting_.end(),
                                 [&](const Task& other) { return sightings_.contains(other.key); });
    }
    if (only_waiting) std::this_thread::sleep_for(pause);
  }

  // A claim of this process, shown to the others for as long as the trial runs.
  class Claim {
   public:
    Claim(SweepRunner& runner, std::string key) : runner_(runner), key_(std::move(key)) {
      const std::scoped_lock lock(runner_.mutex_);
      runner_.claimed_.insert(key_);
    }
    ~Claim() {
      {
        const std::scoped_lock lock(runner_.mutex_);
        runner_.claimed_.erase(key_);
      }
      runner_.store_.release(key_);
    }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

   private:
    SweepRunner& runner_;
    std::string key_;
  };

  void show_life() {
    std::unique_lock lock(mutex_);
    while (!all_over_.wait_for(lock, heartbeat, [this] { return over_; })) {
      for (const std::string& key : claimed_) store_.renew_claim(key);
    }
  }

  template <class... Values>
  void tell(const std::function<void(const Values&...)>& listener, const Values&... values) {
    if (!listener) return;
    const std::scoped_lock lock(telling_);
    listener(values...);
  }

  struct Sighting {
    std::string sign;
    Clock::time_point since;
  };

  const SweepData& data_;
  const TrialStore& store_;
  const SweepRunnerOptions& options_;
  std::mutex telling_;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  // guards what follows
  std::condition_variable all_over_;
  bool over_ = false;
  std::deque<Task> waiting_;
  std::set<std::string> claimed_;              // by this process
  std::set<std::string> free_;                 // although there is something in the claim's place
  std::map<std::string, Sighting> sightings_;  // of the claims of others
  std::exception_ptr failure_;
};

}  // namespace

bool run_missing_trials(const std::vector<TrialSetting>& trials, const SweepData& data,
                        const TrialStore& store, const SweepRunnerOptions& options) {
  return SweepRunner(data, store, options).run(trials);
}

}  // namespace SOAP_ABI
}  // namespace soap
