// A progress display for one training run.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "soap/learn/observer.hpp"

namespace soap::inline SOAP_ABI {

struct ProgressOptions {
  std::string label = "";  ///< at the start of each line, such as "fa  seed 2/3"
  /// On a terminal one line is redrawn ten times a second; elsewhere each epoch prints a line.
  bool terminal = false;
};

/// Shows how far a run has come, its loss (mean of about the last 50 steps), examples/s and the time left.
std::unique_ptr<Observer> progress(std::ostream& out, ProgressOptions options);
/// The same on standard error, as a live line if that is a terminal.
std::unique_ptr<Observer> progress(const std::string& label = "");

/// Whether standard error is a terminal.
bool error_stream_is_terminal();

}  // namespace soap::inline SOAP_ABI
