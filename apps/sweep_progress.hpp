// The one line that a sweep shows while it works.
#pragma once

#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "soap/base/clock.hpp"
#include "soap/base/terminal.hpp"
#include "soap/base/text.hpp"
#include "soap/sweep/sweep_runner.hpp"

namespace sweep_app {

/// "tuning: 120 of 350 trials, 2 running, 3 diverged, 1 failed, about 4 min left": rewritten in place on a
/// terminal, where a narrow one shows less of it, the time left always; else a line for every tenth. Not for
/// several threads at a time.
class SweepProgress {
 public:
  SweepProgress(std::ostream& stream, bool terminal, std::string phase, std::size_t trials, double work)
      : stream_(stream),
        live_(stream),
        terminal_(terminal),
        phase_(std::move(phase)),
        trials_(trials),
        work_(work) {}

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
  void end() { live_.keep(); }

 private:
  void show() {
    const std::vector<std::string> texts = wordings();
    if (!terminal_) {
      stream_ << texts.front() << '\n' << std::flush;
      return;
    }
    const soap::ScreenSize size = soap::screen_size(STDERR_FILENO);
    const std::vector<std::string> lines{soap::first_fitting(texts, soap::LiveLines::most_columns(size))};
    live_.erase();
    live_.draw(lines, size);
  }

  // The richest first.
  [[nodiscard]] std::vector<std::string> wordings() const {
    const std::string counts = std::to_string(done_) + " of " + std::to_string(trials_);
    const std::string left = worked_ > 0 && done_ < trials_ ? ", about " + time_left() + " left" : "";
    std::string broke_off = diverged_ > 0 ? ", " + std::to_string(diverged_) + " diverged" : "";
    if (failed_ > 0) broke_off += ", " + std::to_string(failed_) + " failed";
    const std::string running = ", " + std::to_string(running_) + " running";
    return {phase_ + ": " + counts + " trials" + running + broke_off + left,
            phase_ + ": " + counts + broke_off + left, phase_ + ": " + counts + left, counts + left};
  }

  [[nodiscard]] std::string time_left() const {
    const auto seconds = static_cast<std::int64_t>(std::ceil(soap::seconds_since(start_) * work_ / worked_));
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 3600;
    if (seconds < 2 * minute) return std::to_string(seconds) + " s";
    if (seconds < 2 * hour) return std::to_string(seconds / minute) + " min";
    return std::to_string(seconds / hour) + " h";
  }

  std::ostream& stream_;
  soap::LiveLines live_;
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
  soap::Clock::time_point start_ = soap::Clock::now();
};

}  // namespace sweep_app
