#include "soap/io/checkpoint.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/io/atomic_file.hpp"

namespace soap::inline SOAP_ABI {

namespace {

constexpr const char* kind_key = "soap";
constexpr const char* model_kind = "model 2";
constexpr const char* checkpoint_kind = "checkpoint 3";

FileNotes with_kind(FileNotes notes, const char* kind) {
  notes[kind_key] = kind;
  return notes;
}

template <class State>
void save(const std::filesystem::path& path, State& state, FileNotes notes) {
  TensorWriter writer;
  state.visit_state(writer);
  write_file_atomically(path, to_safetensors({.metadata = std::move(notes), .tensors = writer.take()}));
}

template <class State>
void load(const std::filesystem::path& path, State& state, const FileNotes& notes) {
  TensorFile file = read_safetensors(path);
  check_notes(file, notes, path.string());
  TensorReader reader(std::move(file.tensors), path.string());
  TensorWriter before;
  state.visit_state(before);
  try {
    state.visit_state(reader);
    reader.finish();
  } catch (const std::exception& error) {
    TensorReader back(before.take(), path.string());
    state.visit_state(back);
    if (dynamic_cast<const std::invalid_argument*>(&error) == nullptr) throw;
    throw IoError(path.string(), IoError::no_offset,
                  "state that cannot be (" + std::string(error.what()) + ")",
                  "that of this network and its training");
  }
}

// Some of the text from a little before the first byte in which it differs from the other.
std::string around_difference(const std::string& text, const std::string& other) {
  constexpr std::ptrdiff_t before = 20;
  const auto differs = std::mismatch(text.begin(), text.end(), other.begin(), other.end()).first;
  const auto start = differs - text.begin() > before ? differs - before : text.begin();
  return in_quotes({start, text.end()});
}

}  // namespace

void check_notes(const TensorFile& file, const FileNotes& notes, const std::string& path) {
  for (const auto& [name, expected] : notes) {
    const auto found = file.metadata.find(name);
    if (found == file.metadata.end())
      throw IoError(path, IoError::no_offset, "no '" + name + "' in the metadata", in_quotes(expected));
    if (found->second == expected) continue;
    throw IoError(path, IoError::no_offset,
                  name + " " + around_difference(found->second, expected) + " in the metadata",
                  around_difference(expected, found->second));
  }
  if (!file.metadata.contains(fingerprint_key))
    throw IoError(path, IoError::no_offset, "no fingerprint of its contents in the metadata", "one");
}

void save_model(const std::filesystem::path& path, Network& network, const FileNotes& notes) {
  save(path, network, with_kind(notes, model_kind));
}

void load_model(const std::filesystem::path& path, Network& network) {
  load(path, network, {{kind_key, model_kind}});
}

void save_checkpoint(const std::filesystem::path& path, RunState& state, const FileNotes& notes) {
  save(path, state, with_kind(notes, checkpoint_kind));
}

void load_checkpoint(const std::filesystem::path& path, RunState& state, const FileNotes& notes) {
  load(path, state, with_kind(notes, checkpoint_kind));
}

}  // namespace soap::inline SOAP_ABI
