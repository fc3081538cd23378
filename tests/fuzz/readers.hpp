// The readers of foreign bytes, each in a form that libFuzzer and the test of the corpus can call.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

/// Hands the bytes to a reader of the library, as a file or as a text, and what it returns to those who use
/// it next. False where they are refused by the exception that the reader documents; whatever else is thrown
/// is a fault.
using Read = bool (*)(std::string_view bytes);

struct Reader {
  std::string name;  ///< also of its folder in corpus/, with the inputs that are taken and that are refused
  Read read;
};

/// Sorted by name.
const std::vector<Reader>& readers();

bool checkpoint(std::string_view bytes);
bool config(std::string_view bytes);
bool csv(std::string_view bytes);
bool diagnostics(std::string_view bytes);
bool grid(std::string_view bytes);
bool gzip(std::string_view bytes);
bool idx(std::string_view bytes);
bool looks(std::string_view bytes);
bool metrics(std::string_view bytes);
bool model(std::string_view bytes);
bool record(std::string_view bytes);
bool report(std::string_view bytes);
bool safetensors(std::string_view bytes);
bool spec(std::string_view bytes);
bool timings(std::string_view bytes);

/// A file with these bytes, at a path relative to a folder of this process that goes when it ends; the next
/// call with the same path replaces it.
std::filesystem::path file(std::string_view bytes, const std::filesystem::path& path = "input");

/// The folder of these files.
const std::filesystem::path& scratch_folder();

/// What a reader returned cannot be right.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws Broken with the sentence unless it holds.
void require(bool holds, const std::string& sentence);

/// Throws Broken where a report's text has a control character other than the end of a line: it could command
/// a terminal.
void require_printable(const std::string& text);

/// False where the action throws a Refusal.
template <class Refusal, class Action>
bool taken(Action action) {
  try {
    action();
  } catch (const Refusal&) {
    return false;
  }
  return true;
}

}  // namespace fuzz
