#include "soap/learn/progress.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <mutex>
#include <optional>
#include <unistd.h>
#include <utility>

#include <sys/ioctl.h>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t loss_span = 50;
constexpr std::int64_t most_plain_lines = 20;  // of one run

// Whether `interval` has passed since the last time this was so, or it never was.
bool due(std::optional<Clock::time_point>& last, std::chrono::milliseconds interval) {
  const auto now = Clock::now();
  if (last && now - *last < interval) return false;
  last = now;
  return true;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Minutes and seconds, or hours, minutes and seconds.
std::string clock_time(double seconds) {
  const auto total = static_cast<std::int64_t>(std::ceil(seconds));
  const auto two_digits = [](std::int64_t n) { return (n < 10 ? ":0" : ":") + std::to_string(n); };
  if (total < 3600) return std::to_string(total / 60) + two_digits(total % 60);
  return std::to_string(total / 3600) + two_digits(total / 60 % 60) + two_digits(total % 60);
}

std::string bar(double share) {
  constexpr int width = 8;
  const int full = static_cast<int>(share * width);
  std::string text = "[";
  for (int i = 0; i < width; ++i) text += i < full ? '=' : (i == full ? '>' : ' ');
  return text + "]";
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

// What the watchers of one board share.
class ProgressBoard::Screen {
 public:
  Screen(std::ostream& out, Options options) : out_(out), options_(options) {}

  [[nodiscard]] bool terminal() const { return options_.terminal; }
  [[nodiscard]] std::chrono::milliseconds redraw_interval() const { return options_.redraw_interval; }

  void print(const std::string& line) {
    const std::scoped_lock lock(mutex_);
    erase();
    out_ << line << '\n';
    draw();
  }

  // Adds a run's line at the bottom; the pointer says whose it is.
  void enter(const Watcher* who) {
    const std::scoped_lock lock(mutex_);
    lines_.emplace_back(who, "");
  }

  void update(const Watcher* who, const std::string& text) {
    const std::scoped_lock lock(mutex_);
    for (auto& [owner, line] : lines_) {
      if (owner == who) line = text;
    }
    if (!due(last_drawn_, options_.redraw_interval)) return;
    erase();
    draw();
  }

  // Takes a run's line away and leaves another one above.
  void leave(const Watcher* who, const std::string& last_words) {
    const std::scoped_lock lock(mutex_);
    erase();
    std::erase_if(lines_, [&](const auto& line) { return line.first == who; });
    ++ended_;
    out_ << last_words << '\n';
    draw();
  }

  void finish() {
    const std::scoped_lock lock(mutex_);
    erase();
    out_ << std::flush;
  }

 private:
  void erase() {
    if (drawn_ > 0) out_ << "\x1b[" << drawn_ << "A\r\x1b[J";
    drawn_ = 0;
  }

  void draw() {
    if (options_.terminal) {
      // A line that wraps would take two rows, and `erase` would leave one of them behind.
      const std::size_t width = (options_.columns > 0 ? options_.columns : terminal_width()) - 1;
      for (const auto& [owner, line] : lines_) out_ << line.substr(0, width) << '\n';
      drawn_ = lines_.size();
      if (options_.runs > 1 && ended_ < options_.runs) {
        out_ << (std::to_string(ended_) + " of " + std::to_string(options_.runs) + " runs done")
                    .substr(0, width)
             << '\n';
        ++drawn_;
      }
    }
    out_ << std::flush;
  }

  std::ostream& out_;
  Options options_;
  std::mutex mutex_;
  std::vector<std::pair<const Watcher*, std::string>> lines_;
  std::int64_t ended_ = 0;
  std::size_t drawn_ = 0;
  std::optional<Clock::time_point> last_drawn_;
};

class ProgressBoard::Watcher final : public Observer {
 public:
  Watcher(std::shared_ptr<Screen> screen, std::string label)
      : screen_(std::move(screen)), label_(std::move(label)) {
    if (!label_.empty()) label_ += "  ";
  }

  void run_started(const RunStart& event) override {
    total_steps_ = event.epochs * event.steps_per_epoch;
    epochs_ = event.epochs;
    started_ = Clock::now();
    last_shown_.reset();
    step_ = 0;
    steps_averaged_ = 0;
    loss_ = 0;
    rate_ = 0;
    evaluation_.clear();
    if (screen_->terminal()) screen_->enter(this);
  }

  void step_ended(const StepEnd& event) override {
    // The mean of the first steps; after that an exponentially weighted one.
    ++steps_averaged_;
    loss_ += (event.loss - loss_) / static_cast<double>(std::min(steps_averaged_, loss_span));
    step_ = event.step;
    rate_ = static_cast<double>(event.examples) / event.seconds;
    if (!screen_->terminal() || !due(last_shown_, screen_->redraw_interval())) return;
    const double share = static_cast<double>(step_) / static_cast<double>(total_steps_);
    // Short enough for a rule with parameters on 80 columns.
    screen_->update(this, label_ + bar(share) + ' ' + fixed(100 * share, 0) + " %  loss " + fixed(loss_, 4) +
                              "  " + with_thousands(std::llround(rate_)) + " ex/s  " +
                              clock_time(seconds_since(started_) * (1 - share) / share) + " left");
  }

  void epoch_ended(const EpochEnd& event) override {
    if (event.evaluation) {
      evaluation_ = ", held-out loss " + fixed(event.evaluation->loss, 4);
      if (event.evaluation->accuracy)
        evaluation_ += ", accuracy " + fixed(100 * *event.evaluation->accuracy, 2) + " %";
    }
    const std::int64_t every = (epochs_ + most_plain_lines - 1) / most_plain_lines;
    if (screen_->terminal() || (event.epoch % every != 0 && event.epoch != epochs_)) return;
    screen_->print(label_ + "epoch " + std::to_string(event.epoch) + '/' + std::to_string(epochs_) +
                   ", training loss " + fixed(event.train_loss, 4) + evaluation_ + ", " + rate());
  }

  void run_ended(const RunEnd& event) override {
    const bool broke_off = event.outcome == RunOutcome::diverged || event.outcome == RunOutcome::failed;
    const char* outcome = event.outcome == RunOutcome::diverged ? "diverged"
                          : event.outcome == RunOutcome::failed ? "failed"
                          : step_ < total_steps_                ? "stopped"
                                                                : "done";
    const std::string after = step_ == 0
                                  ? " before its first step was done"
                                  : " after " + with_thousands(step_) + (step_ == 1 ? " step" : " steps") +
                                        ", loss " + fixed(loss_, 4) + evaluation_ + ", " + rate();
    const std::string text = label_ + outcome + after + ", " + clock_time(seconds_since(started_));
    if (screen_->terminal()) {
      screen_->leave(this, text);
    } else if (step_ < total_steps_ || broke_off) {
      screen_->print(text);
    }
  }

 private:
  [[nodiscard]] std::string rate() const { return with_thousands(std::llround(rate_)) + " examples/s"; }

  std::shared_ptr<Screen> screen_;
  std::string label_;
  std::int64_t total_steps_ = 0;
  std::int64_t epochs_ = 0;
  std::int64_t step_ = 0;
  Clock::time_point started_;
  std::optional<Clock::time_point> last_shown_;
  std::int64_t steps_averaged_ = 0;
  double loss_ = 0;
  double rate_ = 0;
  std::string evaluation_;
};

ProgressBoard::ProgressBoard(std::ostream& out, Options options)
    : screen_(std::make_shared<Screen>(out, options)) {}

ProgressBoard::~ProgressBoard() { screen_->finish(); }

std::unique_ptr<Observer> ProgressBoard::watch(std::string label) {
  return std::make_unique<Watcher>(screen_, std::move(label));
}

void ProgressBoard::print(const std::string& line) { screen_->print(line); }

std::unique_ptr<Observer> progress(const std::string& label) {
  return ProgressBoard(std::cerr, {.terminal = error_stream_is_terminal()}).watch(label);
}

bool error_stream_is_terminal() { return isatty(STDERR_FILENO) != 0; }

}  // namespace soap::inline SOAP_ABI
