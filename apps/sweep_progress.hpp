// The one line that a sweep shows while it works.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/experiment/sweep_runner.hpp"

namespace sweep_app {

/// "tuning: 120 of 350 trials, 2 running, 3 diverged, 1 failed, about 4 min left": rewritten in place on a
/// terminal, else a line for every tenth. Not for several threads at a time.
class SweepProgress {
 public:
  SweepProgress(std::ostream& stream, bool terminal, std::string phase, std::size_t trials, double work)
      : stream_(stream), terminal_(terminal), phase_(std::move(phase)), trials_(trials), work_(work) {}

  void started() {
    ++running_;
    if (terminal_) show();
  }
  void finished(soap::TrialStatus status, double work, soap::Origin origin) {
    ++done_;
    diverged_ += status == soap::TrialStatus::diverged ? 1 : 0;
    failed_ += status == soap::TrialStatus::failed ? 1 : 0;
    work_ -= work;
    if (origin == soap::Origin::now) {
      worked_ += work;
      // Another process may have run it.
      if (running_ > 0) --running_;
    }
    const std::size_t tenth = 10 * done_ / trials_;
    if (terminal_ || (origin == soap::Origin::now && tenth > tenth_)) show();
    tenth_ = tenth;
  }
  void end() {
    if (terminal_ && shown_ > 0) stream_ << '\n' << std::flush;
    shown_ = 0;
  }

 private:
  void show() {
    std::string line = phase_ + ": " + std::to_string(done_) + " of " + std::to_string(trials_) +
                       " trials, " + std::to_string(running_) + " running";
    if (diverged_ > 0) line += ", " + std::to_string(diverged_) + " diverged";
    if (failed_ > 0) line += ", " + std::to_string(failed_) + " failed";
    if (worked_ > 0 && done_ < trials_) line += ", about " + time_left() + " left";
    const std::size_t length = line.size();
    if (terminal_) {
      if (length < shown_) line.append(shown_ - length, ' ');
      stream_ << '\r' << line << std::flush;
    } else {
      stream_ << line << '\n' << std::flush;
    }
    shown_ = length;
  }

  [[nodiscard]] std::string time_left() const {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    const auto seconds = static_cast<std::int64_t>(std::ceil(elapsed.count() * work_ / worked_));
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 3600;
    if (seconds < 2 * minute) return std::to_string(seconds) + " s";
    if (seconds < 2 * hour) return std::to_string(seconds / minute) + " min";
    return std::to_string(seconds / hour) + " h";
  }

  std::ostream& stream_;
  bool terminal_;
  std::string phase_;
  std::size_t trials_;
  double work_;        // of the trials without a result
  double worked_ = 0;  // of those that got one since the start
  std::size_t done_ = 0;
  std::size_t running_ = 0;
  std::size_t diverged_ = 0;
  std::size_t failed_ = 0;
  std::size_t tenth_ = 0;
  std::size_t shown_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sweep_app
