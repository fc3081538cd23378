// Files that are either whole or not there: a crash in the middle of writing leaves the old one.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Replaces the file at `path` with `bytes`: a temporary file in the same folder is written, flushed to the
/// disk and renamed over the old one, so that a reader, or a machine after a power cut, sees the old content
/// or the new and never a part. An existing file keeps its permissions. Throws IoError if that fails or if
/// `path` is something other than an ordinary file, a symbolic link to one included, behind which somebody
/// else's may lie; what is there is then untouched and the temporary file removed, unless it is only the
/// folder that could not be flushed: the new file is then in its place.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Takes the next bytes of a file.
using WriteBytes = std::function<void(std::string_view)>;

/// The same for a file that is too large to be held at once: `content` hands over its bytes, piece by piece.
/// What it throws is passed on, and the old file is then untouched.
void write_file_atomically(const std::filesystem::path& path,
                           const std::function<void(const WriteBytes&)>& content);

/// Whether this is the name of such a temporary file. A program that was killed leaves it; see
/// OpenFolder::remove_dead_temporary_files.
bool is_temporary_file(std::string_view name);

}  // namespace SOAP_ABI
}  // namespace soap
