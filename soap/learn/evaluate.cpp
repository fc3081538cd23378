#include "soap/learn/evaluate.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace soap {
inline namespace SOAP_ABI {

void visit_evaluation(RunStateVisitor& visitor, std::string_view name,
                      std::optional<Evaluation>& evaluation) {
  std::vector<double> figures;
  if (evaluation) figures.push_back(evaluation->loss);
  if (evaluation && evaluation->accuracy) figures.push_back(*evaluation->accuracy);
  visitor.numbers(name, figures);
  if (figures.size() > 2) {
    throw std::invalid_argument(std::string(name) + ": found " + std::to_string(figures.size()) +
                                " figures, expected at most a loss and an accuracy");
  }
  evaluation.reset();
  if (!figures.empty()) evaluation = Evaluation{.loss = figures[0], .accuracy = {}};
  if (figures.size() > 1) evaluation->accuracy = figures[1];
}

Evaluator::Evaluator(const Network& network, const Dataset& data, Index batch_size)
    : data_(data), workspace_(network, batch_size), examples_(static_cast<std::size_t>(data.size())) {
  if (data.size() < 1) throw std::invalid_argument("evaluator: found no examples, expected at least 1");
  batch_.reserve(data.features(), data.outputs(), batch_size);
  std::iota(examples_.begin(), examples_.end(), Index{0});
}

Evaluation Evaluator::evaluate(Network& network, const Loss& loss) {
  const std::span<const Index> all(examples_);
  double loss_sum = 0;
  Index correct = 0;
  bool labeled = false;
  for (Index first = 0; first < data_.size(); first += batch_.capacity()) {
    const Index count = std::min(batch_.capacity(), data_.size() - first);
    batch_.resize(count);
    data_.gather(all.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)), batch_);
    network.forward(batch_.inputs(), workspace_, Phase::evaluation);
    const auto output = workspace_.output(network.depth() - 1);
    const auto labels = batch_.labels();
    loss_sum += loss.value(output, {batch_.targets(), labels}) * static_cast<double>(count);
    labeled = !labels.empty();
    if (labeled) correct += count_correct(output, labels);
  }
  const auto size = static_cast<double>(data_.size());
  Evaluation result{.loss = loss_sum / size, .accuracy = std::nullopt};
  if (labeled) result.accuracy = static_cast<double>(correct) / size;
  return result;
}

Evaluation evaluate(Network& network, const Loss& loss, const Dataset& data) {
  return Evaluator(network, data).evaluate(network, loss);
}

}  // namespace SOAP_ABI
}  // namespace soap
