#include "soap/data/dataset.hpp"

#include <array>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/data/batch_order.hpp"
#include "soap/data/image_dataset.hpp"
#include "soap/data/matrix_dataset.hpp"

using namespace soap;

TEST_CASE("a batch refuses labels and examples that it has no place for, and stays as it was") {
  Batch batch;
  batch.reserve(1, 10, 4);
  batch.resize(3);
  for (Index i = 0; i < 3; ++i) batch.set_label(i, 1);
  const Matrix before = batch.targets();
  for (const std::int32_t label : {-1, 10, 100000}) {
    CHECK_THROWS_WITH_AS(batch.set_label(0, label),
                         ("batch: found label " + std::to_string(label) +
                          " for example 0, expected a label below 10 and one of the 3 examples, both from 0")
                             .c_str(),
                         std::invalid_argument);
  }
  for (const Index example : {-1, 3, 4}) CHECK_THROWS_AS(batch.set_label(example, 0), std::invalid_argument);
  CHECK(batch.targets() == before);
  CHECK_THROWS_WITH_AS(batch.resize(5), "batch: found the size 5, expected 0 to 4", std::invalid_argument);
  CHECK_THROWS_AS(batch.resize(-1), std::invalid_argument);
  CHECK(batch.size() == 3);
  CHECK_THROWS_WITH_AS(
      batch.reserve(1, 0, 4),
      "batch: found room for 4 examples of 1 features and 0 outputs, expected at least 1 of each",
      std::invalid_argument);
}

TEST_CASE("a data set refuses to gather examples that it does not have") {
  const MatrixDataset matrices(Matrix::Zero(2, 3), Matrix::Zero(1, 3));
  const ImageDataset images(
      {.pixels = {0, 0, 0}, .labels = {0, 1, 0}, .shape = {.height = 1, .width = 1}, .classes = 2});
  for (const Dataset* data : {static_cast<const Dataset*>(&matrices), static_cast<const Dataset*>(&images)}) {
    Batch batch;
    batch.reserve(data->features(), data->outputs(), 2);
    CHECK_NOTHROW(data->gather(std::array<Index, 2>{2, 0}, batch));
    CHECK_THROWS_WITH_AS(data->gather(std::array<Index, 2>{0, 3}, batch),
                         "gather: found example 3, expected one of the 3 there are, from 0",
                         std::invalid_argument);
    CHECK_THROWS_AS(data->gather(std::array<Index, 1>{-1}, batch), std::invalid_argument);
  }
  CHECK_THROWS_AS((void)images.pixels(3), std::invalid_argument);
  CHECK_THROWS_AS((void)images.label(-1), std::invalid_argument);
}

TEST_CASE("an order of batches has those that it has") {
  const BatchOrder order(5, 2, 1);
  CHECK(order.before(3) == 5);
  CHECK_THROWS_WITH_AS((void)order.batch(3), "batch order: found batch 3, expected one of 0 to 2",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)order.batch(-1), std::invalid_argument);
  CHECK_THROWS_AS((void)order.before(4), std::invalid_argument);
}
