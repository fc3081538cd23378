#include "soap/learn/progress.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <unistd.h>
#include <utility>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t loss_span = 50;
constexpr auto redraw_interval = std::chrono::milliseconds(100);
constexpr const char* erase_line = "\r\x1b[2K";

// Minutes and seconds, or hours, minutes and seconds.
std::string clock_time(double seconds) {
  const auto total = static_cast<std::int64_t>(std::ceil(seconds));
  const auto two_digits = [](std::int64_t n) { return (n < 10 ? ":0" : ":") + std::to_string(n); };
  if (total < 3600) return std::to_string(total / 60) + two_digits(total % 60);
  return std::to_string(total / 3600) + two_digits(total / 60 % 60) + two_digits(total % 60);
}

std::string bar(double share) {
  constexpr int width = 24;
  const int full = static_cast<int>(share * width);
  std::string text = "[";
  for (int i = 0; i < width; ++i) text += i < full ? '=' : (i == full ? '>' : ' ');
  return text + "]";
}

class Progress final : public Observer {
 public:
  Progress(std::ostream& out, ProgressOptions options) : out_(out), options_(std::move(options)) {
    if (!options_.label.empty()) options_.label += "  ";
  }

  void run_started(const RunStart& event) override {
    total_steps_ = event.epochs * event.steps_per_epoch;
    epochs_ = event.epochs;
    started_ = Clock::now();
    last_drawn_ = {};
    steps_averaged_ = 0;
    loss_ = 0;
    evaluation_.clear();
  }

  void step_ended(const StepEnd& event) override {
    // The mean of the first steps; after that an exponentially weighted one.
    ++steps_averaged_;
    loss_ += (event.loss - loss_) / static_cast<double>(std::min(steps_averaged_, loss_span));
    step_ = event.step;
    rate_ = with_thousands(std::llround(static_cast<double>(event.examples) / event.seconds)) + " examples/s";
    if (!options_.terminal || Clock::now() - last_drawn_ < redraw_interval) return;
    last_drawn_ = Clock::now();
    draw(event.epoch);
  }

  void epoch_ended(const EpochEnd& event) override {
    if (event.evaluation) {
      evaluation_ = ", held-out loss " + fixed(event.evaluation->loss, 4);
      if (event.evaluation->accuracy)
        evaluation_ += ", accuracy " + fixed(100 * *event.evaluation->accuracy, 2) + " %";
    }
    if (options_.terminal) return;
    out_ << options_.label << "epoch " << event.epoch << '/' << epochs_ << ", training loss "
         << fixed(event.train_loss, 4) << evaluation_ << ", " << rate_ << std::endl;
  }

  void run_ended(const RunEnd& event) override {
    if (!options_.terminal) return;
    const char* outcome = event.diverged ? "diverged" : (step_ < total_steps_ ? "stopped" : "done");
    out_ << erase_line << options_.label << outcome << " after " << with_thousands(step_) << " steps, loss "
         << fixed(loss_, 4) << evaluation_ << ", " << rate_ << ", " << clock_time(elapsed()) << std::endl;
  }

 private:
  void draw(std::int64_t epoch) {
    const double share = static_cast<double>(step_) / static_cast<double>(total_steps_);
    out_ << erase_line << options_.label << bar(share) << ' ' << fixed(100 * share, 0) << " %  epoch "
         << epoch << '/' << epochs_ << "  loss " << fixed(loss_, 4) << "  " << rate_ << "  "
         << clock_time(elapsed() * (1 - share) / share) << " left" << std::flush;
  }

  [[nodiscard]] double elapsed() const {
    return std::chrono::duration<double>(Clock::now() - started_).count();
  }

  std::ostream& out_;
  ProgressOptions options_;
  std::int64_t total_steps_ = 0;
  std::int64_t epochs_ = 0;
  std::int64_t step_ = 0;
  Clock::time_point started_;
  Clock::time_point last_drawn_;
  double loss_ = 0;
  std::int64_t steps_averaged_ = 0;
  std::string rate_;
  std::string evaluation_;
};

}  // namespace

std::unique_ptr<Observer> progress(std::ostream& out, ProgressOptions options) {
  return std::make_unique<Progress>(out, std::move(options));
}

std::unique_ptr<Observer> progress(const std::string& label) {
  return progress(std::cerr, {.label = label, .terminal = error_stream_is_terminal()});
}

bool error_stream_is_terminal() { return isatty(STDERR_FILENO) != 0; }

}  // namespace soap::inline SOAP_ABI
