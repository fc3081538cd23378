// Looks at the real files, in the folder that SOAP_DATA_DIR names.
#include <array>
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "soap/data/mnist.hpp"

TEST_CASE("the files of MNIST hold the known counts of images and digits") {
  const char* folder = std::getenv("SOAP_DATA_DIR");
  if (folder == nullptr || std::string(folder).empty()) {
    MESSAGE("skipped: SOAP_DATA_DIR is not set");
    return;
  }
  const auto [train, test] = soap::read_mnist(folder);
  CHECK(train.size() == 60'000);
  CHECK(test.size() == 10'000);
  CHECK(train.shape() == soap::ImageShape{.channels = 1, .height = 28, .width = 28});

  const auto counts = [](const soap::ImageDataset& data) {
    std::array<int, 10> count{};
    for (soap::Index i = 0; i < data.size(); ++i) ++count.at(data.label(i));
    return count;
  };
  CHECK(counts(train) == std::array{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(counts(test) == std::array{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});

  // The normalization is the one of the training images.
  double sum = 0;
  double squares = 0;
  for (soap::Index i = 0; i < train.size(); ++i) {
    for (const auto byte : train.pixels(i)) {
      const double value = byte / 255.0;
      sum += value;
      squares += value * value;
    }
  }
  const double mean = sum / 60'000 / 784;
  CHECK(mean == doctest::Approx(train.normalization().mean).epsilon(0.001));
  CHECK(squares / 60'000 / 784 - mean * mean ==
        doctest::Approx(train.normalization().standard_deviation * train.normalization().standard_deviation)
            .epsilon(0.001));
}
