// Who works in a folder: one program alone, or all those that do the same.
#pragma once

#include <filesystem>
#include <string>

#include "soap/base/descriptor.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Whether a folder holds nothing, but for what a killed program's lock left. Throws IoError.
bool is_unused(const std::filesystem::path& folder);

/// Holds a folder from its making to its end, and not beyond the end of the program, however that comes: the
/// system's lock on the file FOLDER/.lock, which also says who holds it. Other machines respect it where the
/// file system passes locks on, as NFS does; where it knows none, nothing is held.
class FolderLock {
 public:
  /// Holds the folder alone; with a `purpose` together with everybody who has the same. Throws IoError that
  /// names the holder when somebody else has it, and when the file cannot be made.
  explicit FolderLock(const std::filesystem::path& folder, std::string purpose = {});
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  /// Removes the file, unless others hold it too.
  ~FolderLock();

  /// False where the file system knows no locks.
  [[nodiscard]] bool is_held() const { return held_; }

 private:
  void open();
  [[nodiscard]] bool try_to_hold();
  [[nodiscard]] bool take(int kind);
  [[nodiscard]] bool is_in_place() const;
  [[nodiscard]] bool write_note() const;
  [[nodiscard]] std::string note() const;
  [[noreturn]] void refuse() const;

  std::filesystem::path folder_;
  std::filesystem::path path_;
  std::string purpose_;
  Descriptor file_;
  bool held_ = true;
};

}  // namespace SOAP_ABI
}  // namespace soap
