// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_ELEMENTNUMBERS_H
#define INTERPROCESSQT_ELEMENTNUMBERS_H

#include <QtCore/qglobal.h>

#include <algorithm>
#include <cmath>

namespace InterprocessQt
{

/*
 * What elements share is in templates like this one, the second bases of an Element whose first one is the class of the
 * library. moc knows of no templates: properties, signals and invokable functions are declared by each Element.
 *
 * Their signals have no references: for handlers qmltc of Qt 6.4 looks for signals with values, and finds no others. Where a class
 * of the library has a signal with one, its Element has the same by value in front of it, and repeats what that says. So it is with LocalSocket's
 * errorOccurred(), whose parameter has the name that QLocalSocket gives to the type: type files do not know of aliases.
 */

// What a number of JavaScript means as a size: Infinity is the largest one that it counts exactly, NaN is nothing, and all
// negative ones are alike.
[[nodiscard]] inline qint64 sizeOfNumber(double value)
{
    constexpr double Largest = 9007199254740991; // Number.MAX_SAFE_INTEGER
    return std::isnan(value) ? 0 : qint64(std::clamp(value, -1.0, Largest));
}

// Sizes as JavaScript counts, in doubles: QML of Qt 6.4 does not know of properties of 64 bits. One template for each, for a
// compiler that exports a class from a DLL may want all functions of its bases.

template<typename Element>
class ReadBufferNumber
{
public:
    [[nodiscard]] double readBufferSizeNumber() const
    {
        return double(static_cast<const Element *>(this)->readBufferSize());
    }
    void setReadBufferSizeNumber(double value)
    {
        static_cast<Element *>(this)->setReadBufferSize(sizeOfNumber(value));
    }
};

template<typename Element>
class WriteLimitNumber
{
public:
    [[nodiscard]] double writeBufferLimitNumber() const
    {
        return double(static_cast<const Element *>(this)->writeBufferLimit());
    }
    void setWriteBufferLimitNumber(double value)
    {
        static_cast<Element *>(this)->setWriteBufferLimit(sizeOfNumber(value));
    }
};

template<typename Element>
class MessageSizeNumber
{
public:
    [[nodiscard]] double maximumMessageSizeNumber() const
    {
        return double(static_cast<const Element *>(this)->maximumMessageSize());
    }
    void setMaximumMessageSizeNumber(double value)
    {
        static_cast<Element *>(this)->setMaximumMessageSize(sizeOfNumber(value));
    }
};

} // namespace InterprocessQt

#endif
