// Networks and training runs as safetensors files: docs/checkpoints.md has the layout.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "soap/data/image_dataset.hpp"
#include "soap/io/safetensors.hpp"
#include "soap/learn/run_state.hpp"
#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Collects what it is shown as tensors: matrices out x in as [out, in], those named "bias" as [out].
class TensorWriter final : public RunStateVisitor {
 public:
  /// Throw std::logic_error for a name that came before.
  void matrix(std::string_view name, Ref value) override;
  void counter(std::string_view name, std::int64_t& value) override;
  void number(std::string_view name, double& value) override;
  void numbers(std::string_view name, std::vector<double>& values) override;
  void counters(std::string_view name, std::vector<std::int64_t>& values) override;
  void text(std::string_view name, std::string& value) override;

  /// Hands out the tensors so far, and starts anew.
  [[nodiscard]] std::map<std::string, Tensor> take();

 private:
  void add(std::string_view name, Tensor tensor);
  std::map<std::string, Tensor> tensors_;
};

/// Replaces what it is shown by tensors of the same names.
class TensorReader final : public RunStateVisitor {
 public:
  /// `path` is for messages.
  TensorReader(std::map<std::string, Tensor> tensors, std::string path);

  /// Throw IoError where there is no such tensor, or one of another type or shape, and for a counter below 0.
  void matrix(std::string_view name, Ref value) override;
  void counter(std::string_view name, std::int64_t& value) override;
  void number(std::string_view name, double& value) override;
  void numbers(std::string_view name, std::vector<double>& values) override;
  void counters(std::string_view name, std::vector<std::int64_t>& values) override;
  void text(std::string_view name, std::string& value) override;

  /// Throws IoError when there are tensors that nobody asked for.
  void finish() const;

 private:
  const Tensor& find(std::string_view name, TensorType type);
  const Tensor& find(std::string_view name, TensorType type, const std::vector<std::int64_t>& shape);
  const Tensor& find_list(std::string_view name, TensorType type);
  [[noreturn]] void fail(const std::string& found, const std::string& expected) const;

  std::map<std::string, Tensor> tensors_;
  std::string path_;
  std::set<std::string, std::less<>> used_;
};

/// What tells files apart, and texts that must agree when a file is read.
using FileNotes = std::map<std::string, std::string>;

/// What only the caller knows of a model.
struct ModelNotes {
  std::optional<Normalization> normalization = {};  ///< of the images that it learned from
  FileNotes texts = {};                             ///< of the caller's own
};

/// Writes the network's parameters and the state of its feedbacks, whole or not at all. The metadata say what
/// it is a model of: each layer by `Layer::describe`, the rule of each feedback that errors cross, and the
/// notes. Throws IoError, and std::invalid_argument for a normalization that is not valid and for a text by
/// a name that the file itself needs: "soap", the fingerprint's, and all in "layers.", "inputs." and
/// "trainer.".
void save_model(const std::filesystem::path& path, Network& network, const ModelNotes& notes = {});
/// Puts them into a network of the same layers and rules, which must be initialized; with a normalization,
/// that of the images that it will be shown, the model must have learned from images normalized alike. Throws
/// IoError with the first difference when the file is damaged or does not fit; the network is then as it was.
void load_model(const std::filesystem::path& path, Network& network,
                const std::optional<Normalization>& normalization = {});
/// The notes that a model was saved with. Throws IoError.
ModelNotes model_notes(const std::filesystem::path& path);

/// The same for a training run between two steps, see StepEnd::state and Trainer::resume: it must agree in
/// RunState::identity, and in the caller's notes, with the run that was saved.
void save_checkpoint(const std::filesystem::path& path, RunState& state, const FileNotes& notes = {});
void load_checkpoint(const std::filesystem::path& path, RunState& state, const FileNotes& notes = {});

/// Throws IoError unless the file has each of these notes, and a fingerprint of its contents.
void check_notes(const TensorFile& file, const FileNotes& notes, const std::string& path);

}  // namespace SOAP_ABI
}  // namespace soap
