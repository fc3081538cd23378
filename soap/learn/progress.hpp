// Progress displays for one training run or for several side by side.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>

#include "soap/learn/observer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Where the runs of a program show how far they have come. On a terminal each run that is under way has a
/// line with a bar, its loss (a mean of about the last 50 steps), examples/s and the time left, redrawn a few
/// times a second, and a run that has ended leaves one sentence behind. Lines never wrap: on a narrow
/// terminal they say less, the time left always. Of more runs than it has rows, as many as fit have a line,
/// and the others are counted. Elsewhere each epoch prints a line, or every few epochs where there are many.
/// Runs may be on different threads.
class ProgressBoard {
 public:
  struct Options {
    bool terminal = false;
    std::int64_t runs = 1;    ///< how many there will be; with more than one a last line counts them
    std::size_t columns = 0;  ///< of the terminal; 0: those of standard error, asked at each redraw, or 80
    std::size_t rows = 0;     ///< likewise, or 24
    std::string evaluated_on = "held-out";  ///< what the data are called whose loss ends an epoch: "test"
    std::chrono::milliseconds redraw_interval{100};
  };

  /// The stream is borrowed and must outlive the board and its observers.
  ProgressBoard(std::ostream& out, Options options);
  ~ProgressBoard();
  ProgressBoard(const ProgressBoard&) = delete;
  ProgressBoard& operator=(const ProgressBoard&) = delete;

  /// An observer for one run, with a label at the start of its lines. It may outlive the board.
  std::unique_ptr<Observer> watch(std::string label);

  /// Adds lines to what stands above the bars.
  void print(const std::string& line);

 private:
  class Screen;
  class Watcher;
  std::shared_ptr<Screen> screen_;
};

/// A board of its own for one run, on standard error.
std::unique_ptr<Observer> progress(const std::string& label = "");

/// Whether standard error is a terminal.
bool error_stream_is_terminal();

}  // namespace SOAP_ABI
}  // namespace soap
