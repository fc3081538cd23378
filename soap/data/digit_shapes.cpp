#include "soap/data/digit_shapes.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace soap {
inline namespace SOAP_ABI {

namespace {

using Points = std::vector<PenPoint>;
using Shapes = std::vector<DigitShape>;

Stroke curve(Points points) { return {Stroke::Line::smooth, std::move(points)}; }
Stroke lines(Points points) { return {Stroke::Line::straight, std::move(points)}; }

Shapes zero() {
  const DigitShape oval{
      {curve({{6, 0}, {2, 3}, {0.5F, 10}, {2, 17}, {6, 20}, {10, 17}, {11.5F, 10}, {10, 3}, {6, 0}})}};
  const DigitShape overlapping{{curve({{9, 2},
                                       {6, 0},
                                       {2.5F, 3},
                                       {0.5F, 9},
                                       {1.5F, 16},
                                       {5.5F, 20},
                                       {10, 17},
                                       {11.5F, 10},
                                       {10, 4},
                                       {6.5F, 1},
                                       {3.5F, 2}})}};
  const DigitShape narrow{
      {curve({{7, 0}, {4, 4}, {3, 10}, {3.5F, 16}, {6, 20}, {8.5F, 16}, {9, 10}, {8.3F, 4}, {6, 0.5F}})}};
  return {oval, oval, overlapping, narrow};
}

Shapes one() {
  const DigitShape bar{{lines({{6, 0}, {6, 20}})}};
  const DigitShape serif{{lines({{2.5F, 4.5F}, {6.5F, 0}, {6.5F, 20}})}};
  const DigitShape with_base{{lines({{2.5F, 4}, {6, 0}, {6, 20}}), lines({{2, 20}, {10, 20}})}};
  return {bar, bar, bar, serif, with_base};
}

Shapes two() {
  const DigitShape angled{{curve({{1, 4.5F}, {3, 1}, {7, 0}, {10.5F, 3}, {10, 7.5F}, {6, 13}, {1, 19.5F}}),
                           lines({{1, 19.5F}, {11.5F, 19.5F}})}};
  const DigitShape looped{{curve({{1.5F, 4},
                                  {5, 0.3F},
                                  {9.5F, 2},
                                  {10, 7},
                                  {6.5F, 13},
                                  {2.5F, 18.5F},
                                  {0.5F, 17},
                                  {3, 15.3F},
                                  {7, 18},
                                  {11.5F, 19}})}};
  const DigitShape swung{{curve(
      {{2, 3}, {5.5F, 0}, {9.5F, 2}, {9.5F, 7}, {5.5F, 13.5F}, {1, 18.5F}, {5, 18.2F}, {11.5F, 19.5F}})}};
  return {angled, looped, swung};
}

Shapes three() {
  const DigitShape round{
      {curve({{1.5F, 2.5F}, {5.5F, 0}, {10, 2.5F}, {9, 7.5F}, {4.5F, 9.5F}}),
       curve({{4.5F, 9.5F}, {9.5F, 11.3F}, {11, 15.5F}, {7, 19.7F}, {3, 19.3F}, {0.8F, 16.5F}})}};
  const DigitShape flat{{lines({{1.5F, 0.8F}, {10.5F, 0.8F}, {5, 8.5F}}),
                         curve({{5, 8.5F}, {9.5F, 10.3F}, {11, 14.7F}, {7.5F, 19.3F}, {1, 18.3F}})}};
  const DigitShape looped{{curve({{1.5F, 2},
                                  {6, 0},
                                  {10, 3},
                                  {8, 7.7F},
                                  {4.3F, 9.8F},
                                  {5, 8.6F},
                                  {9, 10.5F},
                                  {10.7F, 15},
                                  {7, 19.5F},
                                  {1, 18}})}};
  return {round, flat, looped};
}

Shapes four() {
  const DigitShape open{{lines({{2.5F, 0}, {1, 11}, {11.5F, 11}}), lines({{9, 1}, {8.5F, 20}})}};
  const DigitShape cup{
      {curve({{2, 0}, {0.8F, 6.5F}, {2.5F, 11}, {6, 11.3F}, {10, 9.3F}}), lines({{10.5F, 0}, {9.3F, 20}})}};
  const DigitShape closed{{lines({{8.5F, 20}, {8.5F, 0}, {0.5F, 13.5F}, {11.8F, 13.5F}})}};
  return {open, cup, closed};
}

Shapes five() {
  const DigitShape angular{{lines({{10.5F, 0.5F}, {3, 0.5F}, {2, 8.5F}}),
                            curve({{2, 8.5F}, {6, 7}, {10.5F, 10}, {10.5F, 15.5F}, {6, 19.7F}, {1, 18}})}};
  const DigitShape curved{{curve({{10.5F, 1},
                                  {5, 0.5F},
                                  {2.8F, 3.5F},
                                  {3, 7.5F},
                                  {7.5F, 8.7F},
                                  {10.5F, 13},
                                  {8.5F, 18.3F},
                                  {4, 20},
                                  {1, 18}})}};
  const DigitShape hatted{{curve({{3, 1}, {2.3F, 7.5F}, {7, 8}, {10.5F, 12.5F}, {8, 18.5F}, {1.5F, 19}}),
                           lines({{3, 1}, {11.5F, 0.5F}})}};
  return {angular, curved, hatted};
}

Shapes six() {
  const DigitShape curled{{curve({{9.5F, 0.5F},
                                  {5, 3.5F},
                                  {1.5F, 10},
                                  {1.2F, 15.5F},
                                  {4.5F, 19.8F},
                                  {9, 18.5F},
                                  {10.8F, 14.5F},
                                  {8, 11},
                                  {4, 11.5F},
                                  {1.5F, 15}})}};
  const DigitShape straight{{curve({{5.5F, 0},
                                    {2.8F, 6},
                                    {1.5F, 13},
                                    {2.8F, 18.5F},
                                    {6.5F, 19.5F},
                                    {10, 16.5F},
                                    {9, 12.5F},
                                    {5.5F, 12},
                                    {2, 15.5F}})}};
  return {curled, straight};
}

Shapes seven() {
  const DigitShape plain{{lines({{0.8F, 1}, {11, 1}, {4.5F, 20}})}};
  const DigitShape crossed{{lines({{0.8F, 1}, {11, 1}, {4.5F, 20}}), lines({{3.3F, 10.5F}, {10.8F, 10}})}};
  const DigitShape curved{
      {lines({{1, 4}, {1.2F, 1}, {10.8F, 1}}), curve({{10.8F, 1}, {8, 7.5F}, {5.7F, 13.5F}, {5.2F, 20}})}};
  return {plain, crossed, curved};
}

Shapes eight() {
  const DigitShape single{{curve({{10, 3},
                                  {6, 0},
                                  {2, 3},
                                  {3.5F, 7.5F},
                                  {8, 11},
                                  {10.5F, 15.5F},
                                  {6.5F, 20},
                                  {1.5F, 16.5F},
                                  {3.5F, 11.5F},
                                  {8.5F, 7.5F},
                                  {10.3F, 3.5F}})}};
  const DigitShape stacked{
      {curve({{6, 0}, {2.5F, 2}, {2, 5.5F}, {6, 9}, {10, 5.5F}, {9.5F, 2}, {6, 0}}),
       curve({{6, 9}, {1.5F, 12.5F}, {2, 17.5F}, {6, 20}, {10, 17.5F}, {10.5F, 12.5F}, {6, 9}})}};
  return {single, single, stacked};
}

Shapes nine() {
  const DigitShape straight{
      {curve({{10, 3.5F}, {6.5F, 0.3F}, {2, 3}, {1.5F, 7.3F}, {5, 10}, {9, 7.5F}, {10.2F, 3}}),
       lines({{10.2F, 2.5F}, {9.3F, 20}})}};
  const DigitShape curled{{curve({{10, 4},
                                  {6, 0.2F},
                                  {2, 3.5F},
                                  {2.5F, 8},
                                  {6.5F, 9.3F},
                                  {9.8F, 5.5F},
                                  {10.7F, 9.5F},
                                  {9.3F, 16.5F},
                                  {5, 19.8F},
                                  {1.5F, 18}})}};
  return {straight, curled};
}

}  // namespace

const std::vector<DigitShape>& digit_shapes(int digit) {
  static const std::array<Shapes, 10> shapes{zero(), one(), two(),   three(), four(),
                                             five(), six(), seven(), eight(), nine()};
  if (digit < 0 || digit > 9)
    throw std::invalid_argument("digit shapes: found " + std::to_string(digit) + ", expected a digit");
  return shapes[static_cast<std::size_t>(digit)];
}

}  // namespace SOAP_ABI
}  // namespace soap
