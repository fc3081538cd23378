// Optimizers: what a gradient does to the parameters.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/linalg/gradient.hpp"
#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Updates the parameters of one network. State belongs to a parameter's place in the network, so it survives
/// copies of the weights, and steps are counted once a step. Formulas are PyTorch's, biases are treated as
/// weights.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// From the next `attach` on, the learning rate of each layer that has parameters is multiplied with a
  /// factor of its own; factors from the lowest layer up. A layer's factor holds for all its parameters and
  /// for what its feedback has the optimizer train; 0 freezes it. Without factors the layers share one
  /// learning rate. Throws std::invalid_argument unless all are finite and at least 0, and one is above 0.
  void set_layer_factors(std::vector<double> factors);

  /// Makes zero state for every parameter of the network and forgets the steps taken. Throws
  /// std::invalid_argument when there are factors, but not one for each layer that has parameters.
  void attach(Network& network);

  /// Updates every parameter, and what feedbacks have trained, with its gradient in the pass that the
  /// workspace holds. The learning rate is `lr()` times `lr_factor`. Throws std::logic_error before `attach`,
  /// and std::invalid_argument unless the factor is a finite number of at least 0 and the network shows a
  /// gradient for each parameter that it showed then, of the same shapes; parameters before the first that
  /// differs have then been updated.
  void step(Network& network, ConstRef x, const Workspace& workspace, double lr_factor = 1);

  /// Shows what a checkpoint must hold once attached: the counter "steps" and the state of each parameter by
  /// PyTorch's names, as in "layers.0.weight.exp_avg".
  void visit_state(StateVisitor& visitor);

  /// The default learning rate of an optimizer whose updates are of a size of their own; none where the size
  /// is what a learning rule makes it.
  [[nodiscard]] virtual std::optional<double> usual_lr() const { return std::nullopt; }

  [[nodiscard]] double lr() const { return lr_; }
  [[nodiscard]] std::int64_t steps() const { return steps_; }

 protected:
  /// Throws std::invalid_argument unless lr is a finite number above 0, also as a Scalar. `state`: the names
  /// of the matrices of the parameter's shape that the rule has for each parameter; without a name those that
  /// hold nothing from one step to the next.
  Optimizer(double lr, std::vector<std::string> state);
  Optimizer(const Optimizer&) = default;
  Optimizer(Optimizer&&) = default;
  Optimizer& operator=(const Optimizer&) = default;
  Optimizer& operator=(Optimizer&&) = default;

  /// Updates one parameter in place. `lr` is this step's learning rate; `steps()` counts this step.
  virtual void update(Ref value, const Gradient& gradient, std::vector<Matrix>& state, double lr) = 0;

 private:
  struct Trained {
    std::string name;
    Index rows;
    Index cols;
    std::vector<Matrix> state;
    double factor;  // on the learning rate
  };

  double lr_;
  std::vector<std::string> state_names_;
  std::int64_t steps_ = 0;
  std::vector<double> layer_factors_;
  std::vector<Trained> trained_;  // in the network's order, then those of the feedbacks
};

struct SgdOptions {
  double lr = 0.1;
  double momentum = 0;      ///< in [0, 1)
  double weight_decay = 0;  ///< added to the gradient as weight_decay·W
  bool nesterov = false;
  bool manhattan = false;  ///< sign(g) in place of g
};

/// Stochastic gradient descent: v = momentum·v + g + weight_decay·W, W -= lr·v, or with `nesterov`
/// W -= lr·(g + weight_decay·W + momentum·v) (Sutskever et al., 2013).
///
/// With `manhattan` the sign of the batch's gradient replaces the gradient, before momentum and weight decay
/// join it: v = momentum·v + sign(g) + weight_decay·W, where sign(0) = 0. This is the Batch Manhattan of
/// Liao, Leibo and Poggio, 2016, "How important is weight symmetry in backpropagation?", section "Batch
/// Manhattan". Not together with `nesterov`, which looks ahead by a gradient's size.
class Sgd final : public Optimizer {
 public:
  explicit Sgd(const SgdOptions& options = {});
  /// From the parameters of a text, see make_optimizer.
  static std::unique_ptr<Optimizer> make(Spec& spec, double lr);

 private:
  void update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) override;
  SgdOptions options_;
};

struct AdamOptions {
  double lr = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
};

/// Adam (Kingma and Ba, 2015); weight decay is added to the gradient.
class Adam final : public Optimizer {
 public:
  explicit Adam(const AdamOptions& options = {});
  /// From the parameters of a text, see make_optimizer.
  static std::unique_ptr<Optimizer> make(Spec& spec, double lr);
  [[nodiscard]] std::optional<double> usual_lr() const override { return AdamOptions().lr; }

 private:
  void update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) override;
  AdamOptions options_;
};

struct AdamWOptions {
  double lr = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

/// AdamW (Loshchilov and Hutter, 2019): the weights decay by lr·weight_decay, past the adaptive step.
class AdamW final : public Optimizer {
 public:
  explicit AdamW(const AdamWOptions& options = {});
  /// From the parameters of a text, see make_optimizer.
  static std::unique_ptr<Optimizer> make(Spec& spec, double lr);
  [[nodiscard]] std::optional<double> usual_lr() const override { return AdamWOptions().lr; }

 private:
  void update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) override;
  AdamOptions options_;
};

struct RmsPropOptions {
  double lr = 0.001;
  double smoothing = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 0;
};

/// RMSprop (Tieleman and Hinton, 2012).
class RmsProp final : public Optimizer {
 public:
  explicit RmsProp(const RmsPropOptions& options = {});
  /// From the parameters of a text, see make_optimizer.
  static std::unique_ptr<Optimizer> make(Spec& spec, double lr);
  [[nodiscard]] std::optional<double> usual_lr() const override { return RmsPropOptions().lr; }

 private:
  void update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) override;
  RmsPropOptions options_;
};

/// By name, with the fields above as parameters: "sgd:momentum=0.9:nesterov=yes", "sgd:manhattan=yes",
/// "adam:beta1=0.8", "adamw", "rmsprop". Each also takes the factors of `set_layer_factors`, as in
/// "sgd:layers=1/0.5/0.1". Throws std::invalid_argument when a name or value is not valid.
std::unique_ptr<Optimizer> make_optimizer(std::string_view text, double lr);

/// Makes an optimizer of a learning rate from the parameters of a text, those of `set_layer_factors` apart.
using OptimizerFactory = std::function<std::unique_ptr<Optimizer>(Spec&, double lr)>;

/// Gives a name to an optimizer of the user's own; `meaning` is a few words on it for whoever asks for help.
/// Throws std::invalid_argument when the name is taken or no name, see `check_name`.
void register_optimizer(const std::string& name, OptimizerFactory factory, std::string meaning = "");

/// The text that all spellings of the same parameters share, see Spec: "sgd:momentum=0.90:weight_decay=0" is
/// "sgd:momentum=0.9". Throws as `make_optimizer`.
std::string canonical_optimizer(std::string_view text);
/// The same with all parameters: "sgd:momentum=0.9:weight_decay=0:nesterov=no:manhattan=no:layers=".
std::string complete_optimizer(std::string_view text);

/// That of the optimizer, see there. Throws as `make_optimizer`.
std::optional<double> usual_lr(std::string_view text);

std::vector<std::string> optimizer_names();
/// What a text such as "help" or "adam:help" asks to know, see `spec_help`.
std::optional<std::string> optimizer_help(std::string_view text);

}  // namespace SOAP_ABI
}  // namespace soap
