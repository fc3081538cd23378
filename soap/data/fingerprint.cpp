#include "soap/data/fingerprint.hpp"

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

std::uint64_t fingerprint(const ImageDataset& data) {
  const ImageShape& shape = data.shape();
  const Normalization& normalization = data.normalization();
  std::uint64_t value = fingerprint(std::to_string(data.size()) + ' ' + std::to_string(data.outputs()) + ' ' +
                                    std::to_string(shape.channels) + ' ' + std::to_string(shape.height) +
                                    ' ' + std::to_string(shape.width) + ' ' + to_text(normalization.mean) +
                                    ' ' + to_text(normalization.standard_deviation));
  std::string labels;
  for (Index i = 0; i < data.size(); ++i) {
    const auto pixels = data.pixels(i);
    value = fingerprint({reinterpret_cast<const char*>(pixels.data()), pixels.size()}, value);
    labels.push_back(static_cast<char>(data.label(i)));
  }
  return fingerprint(labels, value);
}

std::uint64_t fingerprint(const TrainTest& data) {
  return fingerprint(to_hex(fingerprint(data.test)), fingerprint(data.train));
}

}  // namespace soap::inline SOAP_ABI
