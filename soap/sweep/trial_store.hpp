// The folder that the trials of a sweep come to, shared by all processes that work on it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// OUT/trials/KEY.json: the result of each finished trial, whole or not there. OUT/claims/KEY: who works on a
/// trial now, in a symbolic link that leads nowhere; a claim only spares others the same work, and results do
/// not depend on it.
class TrialStore {
 public:
  /// Makes the folders, and removes what killed processes left in them: halves of files, and claims of
  /// processes that are gone or of trials that have a result. Throws IoError when the folders cannot be made,
  /// or are links.
  explicit TrialStore(const std::filesystem::path& out);

  [[nodiscard]] std::filesystem::path file(const std::string& key) const;
  /// The result, if there is a valid one. A file that is damaged or cannot be read, and a link that leads to
  /// none, count as none: the trial is run again. Throws IoError for a folder, pipe or device of that name,
  /// in whose place no result can come.
  [[nodiscard]] std::optional<TrialRecord> find(const std::string& key) const;
  /// Writes the result of a trial. Throws IoError; what is there then is nothing, or all of it where only
  /// its folder could not be flushed to the disk.
  void save(const TrialRecord& record) const;

  /// Takes the trial, unless somebody has it. Where claims cannot be made it counts as taken: a trial done
  /// twice does no harm.
  [[nodiscard]] bool claim(const std::string& key) const;
  /// Tells the others that the trial is still being worked on.
  void renew_claim(const std::string& key) const;
  /// Gives the trial up. False where something of the claim's name stays, which is then no claim or not to be
  /// removed, and keeps nobody from the trial.
  bool release(const std::string& key) const;
  /// A text that changes as long as somebody works on the trial; nothing when nobody does, or a process of
  /// this machine did that is gone. What is no symbolic link is no claim.
  [[nodiscard]] std::optional<std::string> sign_of_life(const std::string& key) const;

 private:
  void drop_stale_claims() const;

  std::filesystem::path trials_;
  std::filesystem::path claims_;
};

/// A file that is not the result that it should be.
struct DamagedResult {
  std::string key;      ///< that it is named by
  std::string message;  ///< one sentence
};

/// What a folder of results holds.
struct StoredTrials {
  std::vector<TrialRecord> records;  ///< in the order of their keys, but for `own_seeds`
  std::vector<DamagedResult> damaged;
  /// Trials in which a source of chance has a seed of its own. Kept apart, because they would count twice
  /// where a trial is known by its seed.
  std::vector<TrialRecord> own_seeds = {};
};

/// Reads all results below `out`. Throws IoError when there is no folder OUT/trials.
StoredTrials read_trials(const std::filesystem::path& out);

}  // namespace SOAP_ABI
}  // namespace soap
