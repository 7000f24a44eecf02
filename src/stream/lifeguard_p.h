// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LIFEGUARD_P_H
#define INTERPROCESSQT_LIFEGUARD_P_H

#include <QtCore/qglobal.h>

namespace InterprocessQt
{

/*
 * Tells a function that emits signals whether the object it works for has survived them.
 *
 * An object derives from Life; a function puts a Life::Guard on its stack and asks isAlive() after each emission.
 * Costs two pointer assignments, where a QPointer would allocate. All within one thread.
 */
class Life
{
public:
    class Guard
    {
    public:
        explicit Guard(Life &life) noexcept
            : m_life(&life)
            , m_outer(life.m_guards)
        {
            life.m_guards = this;
        }
        ~Guard()
        {
            if (m_life)
                m_life->m_guards = m_outer;
        }
        Q_DISABLE_COPY_MOVE(Guard)

        [[nodiscard]] bool isAlive() const noexcept
        {
            return m_life != nullptr;
        }

    private:
        friend class Life;
        Life *m_life;
        Guard *m_outer;
    };

protected:
    Life() = default;
    ~Life()
    {
        cutGuards();
    }
    // Lets every function on the stack take the object for gone. Are there any?
    bool cutGuards() noexcept
    {
        const bool any = m_guards != nullptr;
        for (Guard *guard = m_guards; guard; guard = guard->m_outer)
            guard->m_life = nullptr;
        m_guards = nullptr;
        return any;
    }
    Q_DISABLE_COPY_MOVE(Life)

private:
    Guard *m_guards = nullptr;
};

} // namespace InterprocessQt

#endif
