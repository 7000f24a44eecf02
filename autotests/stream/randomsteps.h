// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RANDOMSTEPS_H
#define RANDOMSTEPS_H

#include <QByteArray>
#include <QRandomGenerator>
#include <QTest>

/*
 * Random steps that can be taken again: the seed is shown when the test fails, and INTERPROCESSQT_TEST_SEED sets it.
 */
class RandomSteps
{
public:
    RandomSteps()
        : m_seed(qEnvironmentVariableIsSet("INTERPROCESSQT_TEST_SEED") ? quint32(qEnvironmentVariableIntValue("INTERPROCESSQT_TEST_SEED"))
                                                                       : QRandomGenerator::system()->generate() >> 1)
        , m_generator(m_seed)
    {
    }
    ~RandomSteps()
    {
        if (QTest::currentTestFailed())
            qWarning("The seed was INTERPROCESSQT_TEST_SEED=%u", m_seed);
    }
    Q_DISABLE_COPY_MOVE(RandomSteps)

    // 0 to bound - 1
    int below(int bound)
    {
        return m_generator.bounded(bound);
    }
    bool chance(int percent)
    {
        return below(100) < percent;
    }
    // Mostly small, now and then large: both sides of every limit are tried.
    int size(int largest)
    {
        return 1 + below(chance(80) ? qMin(largest, 100) : largest);
    }
    QByteArray bytes(int size)
    {
        QByteArray data(size, Qt::Uninitialized);
        for (char &c : data)
            c = char(m_generator.bounded(256));
        return data;
    }
    // With line ends in it, as text has them.
    QByteArray text(int size)
    {
        QByteArray data(size, Qt::Uninitialized);
        for (char &c : data)
            c = "abcdefgh\n\r"[m_generator.bounded(10)];
        return data;
    }

private:
    quint32 m_seed;
    QRandomGenerator m_generator;
};

#endif
