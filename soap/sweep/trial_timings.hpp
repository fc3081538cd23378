// How long trials took, kept apart from their results, which are the same on every machine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "soap/trial/run_directory.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// OUT/timings/HOST-PID-START.csv: a row for each trial that this process ran, with its key and the seconds
/// on one thread. There is no file before the first row.
class TrialTimings {
 public:
  /// Throws IoError for a link in the place of that folder.
  explicit TrialTimings(const std::filesystem::path& out);
  /// Throws IoError when the row cannot be written.
  void add(const std::string& key, double seconds);
  /// The last thing to be called; see GrowingTable::finish.
  void finish();

 private:
  std::filesystem::path folder_;
  std::optional<GrowingTable> table_;
};

}  // namespace SOAP_ABI
}  // namespace soap
