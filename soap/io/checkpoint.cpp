#include "soap/io/checkpoint.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/io/atomic_file.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr const char* kind_key = "soap";
constexpr const char* model_kind = "model 3";
constexpr const char* checkpoint_kind = "checkpoint 4";
constexpr const char* mean_key = "inputs.mean";
constexpr const char* deviation_key = "inputs.standard_deviation";

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

// Puts the tensors of the file at `path` into the state, or leaves it as it is.
template <class State>
void restore(std::map<std::string, Tensor> tensors, const std::string& path, State& state) {
  TensorReader reader(std::move(tensors), path);
  TensorWriter before;
  state.visit_state(before);
  try {
    state.visit_state(reader);
    reader.finish();
  } catch (const std::exception& error) {
    TensorReader back(before.take(), path);
    state.visit_state(back);
    if (dynamic_cast<const std::invalid_argument*>(&error) == nullptr) throw;
    throw IoError(path, IoError::no_offset, "state that cannot be (" + std::string(error.what()) + ")",
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

void check_layers(const TensorFile& file, Network& network, const std::string& path) {
  check_notes(file, layers_and_rules(network), path);
  const auto above = file.metadata.find("layers." + std::to_string(network.depth()));
  if (above == file.metadata.end()) return;
  throw IoError(path, IoError::no_offset, above->first + " " + in_quotes(above->second) + " in the metadata",
                "no layer above the network's " + std::to_string(network.depth()));
}

FileNotes normalization_notes(const Normalization& normalization) {
  return {{mean_key, to_text(normalization.mean)},
          {deviation_key, to_text(normalization.standard_deviation)}};
}

double number_of(const TensorFile& file, const char* key, const std::string& path) {
  const auto found = file.metadata.find(key);
  const std::string expected = "the number of a normalization";
  if (found == file.metadata.end())
    throw IoError(path, IoError::no_offset, std::string("no '").append(key) + "' in the metadata", expected);
  try {
    return parse_number(key, found->second);
  } catch (const std::invalid_argument&) {
    throw IoError(path, IoError::no_offset,
                  std::string(key).append(" ") + in_quotes(found->second) + " in the metadata", expected);
  }
}

std::optional<Normalization> normalization_of(const TensorFile& file, const std::string& path) {
  if (!file.metadata.contains(mean_key) && !file.metadata.contains(deviation_key)) return std::nullopt;
  const Normalization found{.mean = number_of(file, mean_key, path),
                            .standard_deviation = number_of(file, deviation_key, path)};
  if (is_valid(found)) return found;
  throw IoError(path, IoError::no_offset,
                "a normalization by mean " + to_text(found.mean) + " and deviation " +
                    to_text(found.standard_deviation) + " in the metadata",
                "finite numbers and a positive deviation");
}

// Whether a file itself has a text of this name.
bool is_needed(const std::string& name) {
  return name == kind_key || name == fingerprint_key || name.starts_with("layers.") ||
         name.starts_with("inputs.") || name.starts_with("trainer.");
}

void check_callers(const char* of, const FileNotes& notes) {
  for (const auto& [name, text] : notes) {
    if (is_needed(name))
      throw std::invalid_argument(std::string("notes of a ").append(of) + ": found " + in_quotes(name) +
                                  ", which the file itself needs, expected another name");
  }
}

void check_callers(const ModelNotes& notes) {
  check_callers("model", notes.texts);
  if (notes.normalization && !is_valid(*notes.normalization))
    throw std::invalid_argument("notes of a model: found a normalization by mean " +
                                to_text(notes.normalization->mean) + " and deviation " +
                                to_text(notes.normalization->standard_deviation) +
                                ", expected finite numbers and a positive deviation");
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

void save_model(const std::filesystem::path& path, Network& network, const ModelNotes& notes) {
  check_callers(notes);
  FileNotes all = with_kind(notes.texts, model_kind);
  all.merge(layers_and_rules(network));
  if (notes.normalization) all.merge(normalization_notes(*notes.normalization));
  save(path, network, std::move(all));
}

void load_model(const std::filesystem::path& path, Network& network,
                const std::optional<Normalization>& normalization) {
  TensorFile file = read_safetensors(path);
  check_notes(file, {{kind_key, model_kind}}, path.string());
  check_layers(file, network, path.string());
  if (normalization) check_notes(file, normalization_notes(*normalization), path.string());
  restore(std::move(file.tensors), path.string(), network);
}

ModelNotes model_notes(const std::filesystem::path& path) {
  const TensorFile file = read_safetensors(path);
  check_notes(file, {{kind_key, model_kind}}, path.string());
  ModelNotes notes{.normalization = normalization_of(file, path.string())};
  for (const auto& [name, text] : file.metadata) {
    if (!is_needed(name)) notes.texts.emplace(name, text);
  }
  return notes;
}

void save_checkpoint(const std::filesystem::path& path, RunState& state, const FileNotes& notes) {
  check_callers("checkpoint", notes);
  FileNotes all = with_kind(notes, checkpoint_kind);
  all.merge(state.identity());
  save(path, state, std::move(all));
}

void load_checkpoint(const std::filesystem::path& path, RunState& state, const FileNotes& notes) {
  TensorFile file = read_safetensors(path);
  check_notes(file, {{kind_key, checkpoint_kind}}, path.string());
  check_notes(file, notes, path.string());
  check_notes(file, state.identity(), path.string());
  restore(std::move(file.tensors), path.string(), state);
}

}  // namespace SOAP_ABI
}  // namespace soap
