// Losses: the mean over a batch, and its gradient at the network's output.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What a batch of outputs should have been.
struct Targets {
  ConstView values;  ///< n_out x batch; one-hot columns where there are labels
  std::span<const std::int32_t>
      labels;  ///< one an example, in 0 ... n_out - 1; empty where the data have none
};

/// A loss of a batch. `output` is n_out x batch. The losses below throw std::invalid_argument for an empty
/// batch, and where targets, labels or `error` do not fit the output.
class Loss {
 public:
  virtual ~Loss() = default;
  [[nodiscard]] virtual std::string name() const = 0;

  /// The loss alone.
  [[nodiscard]] virtual double value(ConstRef output, const Targets& targets) const = 0;
  /// The loss, and its gradient at the output into `error`, n_out x batch.
  virtual double value_and_error(ConstRef output, const Targets& targets, Ref error) const = 0;

 protected:
  Loss() = default;
  Loss(const Loss&) = default;
  Loss(Loss&&) = default;
  Loss& operator=(const Loss&) = default;
  Loss& operator=(Loss&&) = default;
};

/// -log softmax(z)[label], mean over the batch; stable for logits of any finite size. Needs labels.
class SoftmaxCrossEntropy final : public Loss {
 public:
  [[nodiscard]] std::string name() const override { return "softmax_cross_entropy"; }
  [[nodiscard]] double value(ConstRef output, const Targets& targets) const override;
  double value_and_error(ConstRef output, const Targets& targets, Ref error) const override;
};

/// (y - t)², mean over all elements, as in PyTorch's MSELoss.
class MeanSquaredError final : public Loss {
 public:
  [[nodiscard]] std::string name() const override { return "mean_squared_error"; }
  [[nodiscard]] double value(ConstRef output, const Targets& targets) const override;
  double value_and_error(ConstRef output, const Targets& targets, Ref error) const override;
};

/// -t·log σ(z) - (1 - t)·log(1 - σ(z)) of logits z and targets t in [0, 1], mean over all elements; stable
/// for logits of any finite size. Throws std::invalid_argument for other targets.
class BinaryCrossEntropyWithLogits final : public Loss {
 public:
  [[nodiscard]] std::string name() const override { return "binary_cross_entropy"; }
  [[nodiscard]] double value(ConstRef output, const Targets& targets) const override;
  double value_and_error(ConstRef output, const Targets& targets, Ref error) const override;
};

/// Makes a loss from the parameters of a text.
using LossFactory = std::function<std::unique_ptr<Loss>(Spec&)>;

/// By the name that `name()` gives; throws std::invalid_argument that lists the nearest names.
std::unique_ptr<Loss> make_loss(std::string_view text);

/// The text that all spellings of the same parameters share, see Spec. Throws as `make_loss`.
std::string canonical_loss(std::string_view text);

/// Gives a name to a loss of the user's own; `meaning` is a few words on it for whoever asks for help. Throws
/// std::invalid_argument when the name is taken or no name, see `check_name`.
void register_loss(const std::string& name, LossFactory factory, std::string meaning = "");

std::vector<std::string> loss_names();
/// What a text such as "help" asks to know, see `spec_help`.
std::optional<std::string> loss_help(std::string_view text);

/// How many columns of `output` have their largest element at the label. Throws std::invalid_argument unless
/// there is a label in 0 ... n_out - 1 for each.
Index count_correct(ConstRef output, std::span<const std::int32_t> labels);

}  // namespace SOAP_ABI
}  // namespace soap
