#include "soap/data/idx.hpp"

#include <functional>
#include <numeric>

#include "soap/base/error.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

namespace {

void read(std::string_view bytes, int rank) {
  const soap::IdxArray array = soap::read_idx(file(bytes), rank);
  const soap::Index count =
      std::accumulate(array.dimensions.begin(), array.dimensions.end(), soap::Index{1}, std::multiplies<>());
  require(array.dimensions.size() == static_cast<std::size_t>(rank), "an IDX array of another rank");
  require(array.values.size() == static_cast<std::size_t>(count), "an IDX array with other dimensions");
}

}  // namespace

bool idx(std::string_view bytes) {
  // Labels have one dimension, images three.
  const int rank = bytes.size() > 3 && bytes[3] == 1 ? 1 : 3;
  return taken<soap::IoError>([&] { read(bytes, rank); });
}

// The same reader, which unpacks what begins like a gzip file.
bool gzip(std::string_view bytes) {
  return taken<soap::IoError>([&] { read(bytes, 3); });
}

}  // namespace fuzz
