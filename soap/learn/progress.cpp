#include "soap/learn/progress.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <mutex>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

#include "soap/base/clock.hpp"
#include "soap/base/significant.hpp"
#include "soap/base/terminal.hpp"
#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::int64_t loss_span = 50;
constexpr std::int64_t most_plain_lines = 20;  // of one run

// Whether `interval` has passed since the last time this was so, or it never was.
bool due(std::optional<Clock::time_point>& last, std::chrono::milliseconds interval) {
  const auto now = Clock::now();
  if (last && now - *last < interval) return false;
  last = now;
  return true;
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

constexpr std::size_t indent = 2;  // of a sentence's further lines

}  // namespace

// What the watchers of one board share.
class ProgressBoard::Screen {
 public:
  // A line of a run under way: a label that may be clipped, and what follows it in several wordings, the
  // richest first.
  struct LiveText {
    std::string label;
    std::vector<std::string> rest;

    // The time left, at the end, is what the line is for.
    [[nodiscard]] std::string fitted(std::size_t columns) const {
      std::vector<std::string> wordings;
      wordings.reserve(rest.size());
      for (const std::string& wording : rest) wordings.push_back(label + wording);
      if (rest.empty()) return clipped(label, columns);
      const std::size_t least = columns_of(rest.back());
      if (columns_of(wordings.back()) <= columns) return first_fitting(wordings, columns);
      return least < columns ? clipped(label, columns - least) + rest.back() : clipped(rest.back(), columns);
    }
  };

  Screen(std::ostream& out, Options options) : out_(out), options_(std::move(options)), live_(out) {}

  [[nodiscard]] bool terminal() const { return options_.terminal; }
  [[nodiscard]] const std::string& evaluated_on() const { return options_.evaluated_on; }
  [[nodiscard]] std::chrono::milliseconds redraw_interval() const { return options_.redraw_interval; }

  void print(const std::string& line) {
    const std::scoped_lock lock(mutex_);
    live_.erase();
    write(line);
    draw();
  }

  // Adds a run's line at the bottom; the pointer says whose it is.
  void enter(const Watcher* who) {
    const std::scoped_lock lock(mutex_);
    lines_.emplace_back(who, LiveText{});
  }

  void update(const Watcher* who, LiveText text) {
    const std::scoped_lock lock(mutex_);
    const auto own =
        std::find_if(lines_.begin(), lines_.end(), [&](const auto& entry) { return entry.first == who; });
    if (own != lines_.end()) own->second = std::move(text);
    if (!due(last_drawn_, options_.redraw_interval)) return;
    live_.erase();
    draw();
  }

  // Takes a run's line away and leaves another one above.
  void leave(const Watcher* who, const std::string& last_words) {
    const std::scoped_lock lock(mutex_);
    live_.erase();
    std::erase_if(lines_, [&](const auto& line) { return line.first == who; });
    ++ended_;
    write(last_words);
    draw();
  }

  void finish() {
    const std::scoped_lock lock(mutex_);
    live_.erase();
    out_ << std::flush;
  }

 private:
  [[nodiscard]] ScreenSize size() const {
    ScreenSize size = screen_size(STDERR_FILENO);
    if (options_.columns > 0) size.columns = options_.columns;
    if (options_.rows > 0) size.rows = options_.rows;
    return size;
  }

  // What stays.
  void write(const std::string& text) {
    out_ << (options_.terminal ? wrapped(text, size().columns, indent) : text) << '\n';
  }

  // How far all runs are, and how many of those under way have no line; empty for a run alone.
  [[nodiscard]] std::string summary(std::size_t without_line) const {
    std::string more = without_line > 0 ? "and " + std::to_string(without_line) + " more running" : "";
    if (options_.runs < 2 || ended_ >= options_.runs) return more;
    return (more.empty() ? "" : more + ", ") + std::to_string(ended_) + " of " +
           std::to_string(options_.runs) + " runs done";
  }

  void draw() {
    if (options_.terminal) {
      const ScreenSize now = size();
      const std::size_t columns = LiveLines::most_columns(now);
      const std::size_t rows = LiveLines::most_lines(now);
      std::size_t shown = lines_.size();
      if (shown + (summary(0).empty() ? 0 : 1) > rows) shown = std::min(shown, rows - 1);
      std::vector<std::string> texts;
      texts.reserve(shown + 1);
      for (std::size_t i = 0; i < shown; ++i) texts.push_back(lines_[i].second.fitted(columns));
      if (const std::string last = summary(lines_.size() - shown); !last.empty()) texts.push_back(last);
      live_.draw(texts, now);
    }
    out_ << std::flush;
  }

  std::ostream& out_;
  Options options_;
  std::mutex mutex_;
  std::vector<std::pair<const Watcher*, LiveText>> lines_;
  std::int64_t ended_ = 0;
  LiveLines live_;
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
    screen_->update(this, {label_, live_wordings(share)});
  }

  void epoch_ended(const EpochEnd& event) override {
    if (event.evaluation) {
      const std::string on = ", " + screen_->evaluated_on();
      evaluation_ = on + " loss " + significant(event.evaluation->loss);
      if (event.evaluation->accuracy)
        evaluation_ += on + " accuracy " + fixed(100 * *event.evaluation->accuracy, 2) + " %";
    }
    const std::int64_t every = (epochs_ + most_plain_lines - 1) / most_plain_lines;
    if (screen_->terminal() || (event.epoch % every != 0 && event.epoch != epochs_)) return;
    screen_->print(label_ + "epoch " + std::to_string(event.epoch) + '/' + std::to_string(epochs_) +
                   ", training loss " + significant(event.train_loss) + evaluation_ + ", " + rate());
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
                                        ", training loss " + significant(loss_) + evaluation_ + ", " + rate();
    const std::string text = label_ + outcome + after + ", " + clock_time(seconds_since(started_));
    if (screen_->terminal()) {
      screen_->leave(this, text);
    } else if (step_ < total_steps_ || broke_off) {
      screen_->print(text);
    }
  }

 private:
  // Without the bar, then without the rate, then without the loss.
  [[nodiscard]] std::vector<std::string> live_wordings(double share) const {
    const std::string done = fixed(100 * share, 0) + " %  ";
    const std::string loss = "loss " + significant(loss_) + "  ";
    const std::string rate = with_thousands(std::llround(rate_)) + " ex/s  ";
    const std::string left = clock_time(seconds_since(started_) * (1 - share) / share) + " left";
    return {bar(share) + ' ' + done + loss + rate + left, done + loss + rate + left, done + loss + left,
            done + left, left};
  }
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
    : screen_(std::make_shared<Screen>(out, std::move(options))) {}

ProgressBoard::~ProgressBoard() { screen_->finish(); }

std::unique_ptr<Observer> ProgressBoard::watch(std::string label) {
  return std::make_unique<Watcher>(screen_, std::move(label));
}

void ProgressBoard::print(const std::string& line) { screen_->print(line); }

std::unique_ptr<Observer> progress(const std::string& label) {
  return ProgressBoard(std::cerr, {.terminal = error_stream_is_terminal()}).watch(label);
}

bool error_stream_is_terminal() { return isatty(STDERR_FILENO) != 0; }

}  // namespace SOAP_ABI
}  // namespace soap
