// Training steps by dlib. Its networks are types: those of the workloads are spelled out here. dlib has no
// threads of its own for them; its products run on those of the BLAS it is linked with, which
// OPENBLAS_NUM_THREADS sets.
#include <memory>
#include <random>
#include <type_traits>
#include <vector>

#include <dlib/dnn.h>

#include "steps.hpp"

namespace {

template <class Below>
using Dense = dlib::fc<1, Below>;  // the real sizes are set below
using Input = dlib::input<dlib::matrix<float>>;
template <template <class> class Activation>
using OneHidden = Dense<Activation<Dense<Input>>>;
template <template <class> class Activation>
using TwoHidden = Dense<Activation<Dense<Activation<Dense<Input>>>>>;
template <template <class> class Activation>
using ThreeHidden = Dense<Activation<Dense<Activation<Dense<Activation<Dense<Input>>>>>>>;

dlib::matrix<float> random_column(long rows) {
  static std::minstd_rand generator(1);
  std::normal_distribution<float> normal;
  dlib::matrix<float> column(rows, 1);
  for (float& value : column) value = normal(generator);
  return column;
}

unsigned long make_label(unsigned long, int example, long outputs) {
  return static_cast<unsigned long>(example % outputs);
}
dlib::matrix<float> make_label(const dlib::matrix<float>&, int, long outputs) {
  return random_column(outputs);
}

template <class Net, class Solver>
bench::Steps steps(const bench::Workload& workload, const Solver& solver) {
  struct State {
    Net net;
    dlib::resizable_tensor inputs;
    std::vector<typename Net::training_label_type> labels;
    std::vector<Solver> solvers;
  };
  const auto state = std::make_shared<State>();
  // From the top: the last size belongs to the first dense layer that is met.
  std::size_t next = workload.sizes.size() - 1;
  dlib::visit_computational_layers(state->net, [&](auto& layer) {
    if constexpr (requires { layer.set_num_outputs(1L); }) layer.set_num_outputs(workload.sizes[next--]);
  });
  std::vector<dlib::matrix<float>> samples;
  for (int i = 0; i < workload.batch; ++i) {
    samples.push_back(random_column(workload.sizes.front()));
    state->labels.push_back(make_label(typename Net::training_label_type(), i, workload.sizes.back()));
  }
  state->net.to_tensor(samples.begin(), samples.end(), state->inputs);
  state->solvers.assign(Net::num_computational_layers, solver);
  return [state](std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      state->net.compute_parameter_gradients(state->inputs, state->labels.begin());
      state->net.update_parameters(dlib::make_sstack(state->solvers), bench::learning_rate);
    }
  };
}

template <class Net>
bench::Steps steps_by_optimizer(const bench::Workload& workload) {
  if (workload.optimizer == "adam") return steps<Net>(workload, dlib::adam(0, 0.9F, 0.999F));
  return steps<Net>(workload, dlib::sgd(0, workload.optimizer == "momentum" ? 0.9F : 0.0F));
}

bench::Steps make(const bench::Workload& workload, int) {
  const std::size_t hidden = workload.sizes.size() - 2;
  const bool tanh = workload.activation == "tanh";
  const bool squared = workload.loss == "mse";
  if (tanh && hidden == 1 && !squared)
    return steps_by_optimizer<dlib::loss_multiclass_log<OneHidden<dlib::htan>>>(workload);
  if (tanh && hidden == 2 && squared)
    return steps_by_optimizer<dlib::loss_mean_squared_multioutput<TwoHidden<dlib::htan>>>(workload);
  if (!tanh && hidden == 2 && !squared)
    return steps_by_optimizer<dlib::loss_multiclass_log<TwoHidden<dlib::relu>>>(workload);
  if (!tanh && hidden == 3 && !squared)
    return steps_by_optimizer<dlib::loss_multiclass_log<ThreeHidden<dlib::relu>>>(workload);
  throw bench::CannotDo("no network of this kind is compiled into it");
}

}  // namespace

int main(int argc, char** argv) { return bench::run_steps("dlib_steps", argc, argv, make); }
