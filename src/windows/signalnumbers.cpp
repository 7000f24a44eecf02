// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalnumbers_p.h"

#include "signal/signalsink_p.h"

#include <algorithm>

namespace InterprocessQt::SignalPlatform
{

using namespace SignalNumbers;

bool isValid(int number)
{
    return placeOf(number) != -1;
}

QString nameOf(int number)
{
    const int place = placeOf(number);
    return place == -1 ? QString() : QString::fromLatin1(Entries[place].name);
}

int numberOf(const QString &upperCaseName)
{
    for (const Entry &entry : Entries) {
        const QLatin1String name(entry.name);
        const bool isShort = name.startsWith(QLatin1String("SIG")) && upperCaseName == name.mid(3);
        if (isShort || upperCaseName == name || (entry.otherName && upperCaseName == QLatin1String(entry.otherName))
            || (entry.thirdName && upperCaseName == QLatin1String(entry.thirdName)))
            return entry.number;
    }
    return -1;
}

int realTimeMinimum()
{
    return -1;
}

int realTimeMaximum()
{
    return -1;
}

int highest()
{
    return std::max_element(std::begin(Entries),
                            std::end(Entries),
                            [](const Entry &a, const Entry &b) {
                                return a.number < b.number;
                            })
        ->number;
}

bool isFault(int number)
{
    const int place = placeOf(number);
    return place != -1 && Entries[place].isFault;
}

bool mayBeWatched(int number, bool ignored)
{
    // After these the process is ended, whatever a handler says.
    if (ignored && (number == SignalWatcher::ConsoleClose || number == SignalWatcher::ConsoleShutdown))
        return false;
    return number != SignalWatcher::Kill;
}

SignalWatcher::Options optionsFor(int number, SignalWatcher::Options asked)
{
    // Put back after the first: a real fault would come again and again.
    return isOfThread(number) ? asked | SignalWatcher::OneShot : asked;
}

QList<int> terminationSignals()
{
    return {SIGINT, SIGTERM, SIGBREAK, SignalWatcher::ConsoleClose, SignalWatcher::ConsoleShutdown};
}

bool isHangUp(int)
{
    return false;
}

bool staysIgnored(int)
{
    // That Ctrl-C is ignored, as children inherit it, is none of a handler's business: none is called then.
    return false;
}

int invalidCode()
{
    return ERROR_INVALID_PARAMETER;
}

int busyCode()
{
    return ERROR_BUSY;
}

} // namespace InterprocessQt::SignalPlatform
