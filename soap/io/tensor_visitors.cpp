#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/io/checkpoint.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr TensorType scalar_type = sizeof(Scalar) == sizeof(float) ? TensorType::f32 : TensorType::f64;

// PyTorch has biases, and what optimizers keep for them, as vectors.
bool is_bias(std::string_view name) {
  const auto parts = split(name, '.');
  return std::find(parts.begin(), parts.end(), "bias") != parts.end();
}

std::vector<std::int64_t> shape_of(std::string_view name, ConstRef value) {
  if (is_bias(name) && value.cols() == 1) return {value.rows()};
  return {value.rows(), value.cols()};
}

template <class Value>
std::string bytes_of_list(const std::vector<Value>& values) {
  std::string bytes(values.size() * sizeof(Value), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

template <class Value>
std::vector<Value> list_of_bytes(const std::string& bytes) {
  std::vector<Value> values(bytes.size() / sizeof(Value));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::string describe(TensorType type, const std::vector<std::int64_t>& shape) {
  std::vector<std::string> extents;
  extents.reserve(shape.size());
  for (const std::int64_t extent : shape) extents.push_back(std::to_string(extent));
  return std::string(to_text(type)) + " of shape [" + join(extents, ", ") + "]";
}

}  // namespace

void TensorWriter::matrix(std::string_view name, Ref value) {
  const RowMajor rows = value;
  add(name, {scalar_type, shape_of(name, value),
             std::string(reinterpret_cast<const char*>(rows.data()),
                         sizeof(Scalar) * static_cast<std::size_t>(rows.size()))});
}

void TensorWriter::counter(std::string_view name, std::int64_t& value) {
  add(name, {TensorType::i64, {}, bytes_of_list(std::vector{value})});
}

void TensorWriter::number(std::string_view name, double& value) {
  add(name, {TensorType::f64, {}, bytes_of_list(std::vector{value})});
}

void TensorWriter::numbers(std::string_view name, std::vector<double>& values) {
  add(name, {TensorType::f64, {static_cast<std::int64_t>(values.size())}, bytes_of_list(values)});
}

void TensorWriter::counters(std::string_view name, std::vector<std::int64_t>& values) {
  add(name, {TensorType::i64, {static_cast<std::int64_t>(values.size())}, bytes_of_list(values)});
}

void TensorWriter::text(std::string_view name, std::string& value) {
  add(name, {TensorType::u8, {static_cast<std::int64_t>(value.size())}, value});
}

void TensorWriter::add(std::string_view name, Tensor tensor) {
  if (!tensors_.emplace(name, std::move(tensor)).second)
    throw std::logic_error("checkpoint: found the name '" + std::string(name) + "' twice, expected it once");
}

std::map<std::string, Tensor> TensorWriter::take() { return std::exchange(tensors_, {}); }

TensorReader::TensorReader(std::map<std::string, Tensor> tensors, std::string path)
    : tensors_(std::move(tensors)), path_(std::move(path)) {}

void TensorReader::matrix(std::string_view name, Ref value) {
  const Tensor& tensor = find(name, scalar_type, shape_of(name, value));
  RowMajor rows(value.rows(), value.cols());
  if (rows.size() != 0) std::memcpy(rows.data(), tensor.bytes.data(), tensor.bytes.size());
  value = rows;
}

void TensorReader::counter(std::string_view name, std::int64_t& value) {
  const std::int64_t found = list_of_bytes<std::int64_t>(find(name, TensorType::i64, {}).bytes).front();
  if (found < 0)
    fail("the count " + std::to_string(found) + " in tensor '" + std::string(name) + "'", "at least 0");
  value = found;
}

void TensorReader::number(std::string_view name, double& value) {
  value = list_of_bytes<double>(find(name, TensorType::f64, {}).bytes).front();
}

void TensorReader::numbers(std::string_view name, std::vector<double>& values) {
  values = list_of_bytes<double>(find_list(name, TensorType::f64).bytes);
}

void TensorReader::counters(std::string_view name, std::vector<std::int64_t>& values) {
  values = list_of_bytes<std::int64_t>(find_list(name, TensorType::i64).bytes);
}

void TensorReader::text(std::string_view name, std::string& value) {
  value = find_list(name, TensorType::u8).bytes;
}

void TensorReader::finish() const {
  for (const auto& [name, tensor] : tensors_) {
    if (used_.count(name) == 0)
      fail("tensor " + in_quotes(name), "none of this name for this network and its training");
  }
}

const Tensor& TensorReader::find(std::string_view name, TensorType type) {
  const auto found = tensors_.find(std::string(name));
  if (found == tensors_.end())
    fail("no tensor '" + std::string(name) + "'", "one for this network and its training");
  if (found->second.type != type) {
    fail("tensor '" + std::string(name) + "' as " + std::string(to_text(found->second.type)),
         std::string(to_text(type)));
  }
  used_.emplace(name);
  return found->second;
}

const Tensor& TensorReader::find(std::string_view name, TensorType type,
                                 const std::vector<std::int64_t>& shape) {
  const Tensor& tensor = find(name, type);
  if (tensor.shape != shape)
    fail("tensor '" + std::string(name) + "' as " + describe(type, tensor.shape), describe(type, shape));
  return tensor;
}

const Tensor& TensorReader::find_list(std::string_view name, TensorType type) {
  const Tensor& tensor = find(name, type);
  if (tensor.shape.size() != 1)
    fail("tensor '" + std::string(name) + "' as " + describe(type, tensor.shape), "a list");
  return tensor;
}

void TensorReader::fail(const std::string& found, const std::string& expected) const {
  throw IoError(path_, IoError::no_offset, found, expected);
}

}  // namespace SOAP_ABI
}  // namespace soap
