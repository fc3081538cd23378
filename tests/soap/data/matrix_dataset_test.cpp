#include "soap/data/matrix_dataset.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using soap::Batch;
using soap::Index;
using soap::Matrix;
using soap::MatrixDataset;

TEST_CASE("gathered columns of a matrix dataset are the chosen ones, in order and without labels") {
  Matrix inputs(2, 3);
  inputs << 1, 2, 3, 4, 5, 6;
  Matrix targets(1, 3);
  targets << 7, 8, 9;
  const MatrixDataset data(inputs, targets);
  CHECK(data.size() == 3);
  CHECK(data.features() == 2);
  CHECK(data.outputs() == 1);

  Batch batch;
  batch.reserve(2, 1, 5);
  data.gather(std::vector<Index>{2, 0, 2, 1}, batch);
  Matrix expected_inputs(2, 4);
  expected_inputs << 3, 1, 3, 2, 6, 4, 6, 5;
  Matrix expected_targets(1, 4);
  expected_targets << 9, 7, 9, 8;
  CHECK(batch.inputs() == expected_inputs);
  CHECK(batch.targets() == expected_targets);
  CHECK(batch.labels().empty());
}

TEST_CASE("inputs and targets of different length, or none, are refused") {
  CHECK_THROWS_AS(MatrixDataset(Matrix::Zero(2, 3), Matrix::Zero(1, 4)), std::invalid_argument);
  CHECK_THROWS_AS(MatrixDataset(Matrix::Zero(2, 0), Matrix::Zero(1, 0)), std::invalid_argument);
  CHECK_THROWS_AS(MatrixDataset(Matrix::Zero(2, 3), Matrix::Zero(0, 3)), std::invalid_argument);
}
