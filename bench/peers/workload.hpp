// One training step to measure, as every program here and torch_steps.py reads it from the command line:
// SIZES:ACTIVATION:LOSS:OPTIMIZER:BATCH, such as 784-256-10:tanh:cross_entropy:sgd:64.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

struct Workload {
  std::vector<int> sizes;  ///< of the layers, inputs first
  std::string activation;  ///< between the layers: tanh or relu
  std::string loss;        ///< cross_entropy or mse
  std::string optimizer;   ///< sgd, momentum (sgd with 0.9) or adam
  int batch;
};

/// The same batch is learned again and again, so it is small: plain and momentum steps leave the weights
/// nearly as they start, and Adam, whose steps are about as long whatever the gradient, moves each weight by
/// about this much a step.
inline constexpr double learning_rate = 1e-6;

namespace detail {

inline std::vector<std::string> parts(const std::string& text, char separator) {
  std::vector<std::string> found;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) found.push_back(part);
  return found;
}

inline int positive(const std::string& workload, const std::string& text) {
  std::size_t read = 0;
  int value = 0;
  try {
    value = std::stoi(text, &read);
  } catch (const std::logic_error&) {
    read = 0;
  }
  if (read != text.size() || value < 1)
    throw std::invalid_argument("workload '" + workload + "': found '" + text +
                                "', expected a positive integer");
  return value;
}

inline void check_choice(const std::string& workload, const std::string& text,
                         const std::vector<std::string>& choices) {
  std::string expected;
  for (const auto& choice : choices) {
    if (text == choice) return;
    expected += (expected.empty() ? "" : " or ") + choice;
  }
  throw std::invalid_argument("workload '" + workload + "': found '" + text + "', expected " + expected);
}

}  // namespace detail

/// Throws std::invalid_argument for a text that is no workload.
inline Workload parse_workload(const std::string& text) {
  const auto parts = detail::parts(text, ':');
  if (parts.size() != 5) {
    throw std::invalid_argument("workload '" + text + "': found " + std::to_string(parts.size()) +
                                " parts, expected SIZES:ACTIVATION:LOSS:OPTIMIZER:BATCH");
  }
  detail::check_choice(text, parts[1], {"tanh", "relu"});
  detail::check_choice(text, parts[2], {"cross_entropy", "mse"});
  detail::check_choice(text, parts[3], {"sgd", "momentum", "adam"});
  Workload workload{{}, parts[1], parts[2], parts[3], detail::positive(text, parts[4])};
  for (const auto& size : detail::parts(parts[0], '-'))
    workload.sizes.push_back(detail::positive(text, size));
  if (workload.sizes.size() < 2)
    throw std::invalid_argument("workload '" + text + "': found one size, expected at least two");
  return workload;
}

}  // namespace bench
