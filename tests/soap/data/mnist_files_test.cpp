// Looks at the real files, in the folder that SOAP_DATA_DIR names.
#include <array>
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "soap/data/fingerprint.hpp"
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

TEST_CASE("known files are called by their names, and normalized by what is measured") {
  struct Known {
    const char* folder;
    std::string name;
    soap::Normalization normalization;
  };
  // Debian's package dataset-fashion-mnist lies in the second folder.
  for (const auto& [folder, name, normalization] :
       {Known{std::getenv("SOAP_DATA_DIR"), "MNIST", {0.1307, 0.3081}},
        Known{"/usr/share/datasets/fashion-mnist", "Fashion-MNIST", {0.2860, 0.3530}}}) {
    if (folder == nullptr || !soap::missing_mnist_files(folder).empty()) {
      MESSAGE("skipped: no files of " << name);
      continue;
    }
    const soap::TrainTest data = soap::read_mnist(folder);
    CHECK(soap::data_name(data, soap::fingerprint(data)) == name);
    for (const soap::ImageDataset* set : {&data.train, &data.test}) {
      CHECK(set->normalization().mean == normalization.mean);
      CHECK(set->normalization().standard_deviation == normalization.standard_deviation);
    }
  }
}
