// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_OPENELEMENT_H
#define INTERPROCESSQT_OPENELEMENT_H

#include "wish.h"

#include <utility>

namespace InterprocessQt
{

// What elements that are opened, not connected, have in common; see elementnumbers.h. The Element has openDeclared() for what
// its properties say, which returns whether it could be.
template<typename Element>
class OpenElement : public Wish<Element>
{
    using Wish<Element>::element;

public:
    void begin()
    {
        restart();
    }

protected:
    // By the Element, when it is there, for each property that says what is to be opened, and for activeChanged().
    template<typename Signal>
    void restartAt(Signal signal)
    {
        QObject::connect(element(), signal, element(), [this] {
            restart();
        });
    }

    void restart()
    {
        if (!this->isComplete())
            return;
        ++m_wishes;
        element()->close();
        if (this->isActive() && !element()->openDeclared()) {
            // Unless something else is wished by then: where a path and active are bound to one property, one of them changes first.
            QMetaObject::invokeMethod(
                element(),
                [this, wishes = m_wishes, code = element()->error()] {
                    if (wishes == m_wishes)
                        Q_EMIT element()->errorOccurred(code);
                },
                Qt::QueuedConnection);
        }
        updateOpen();
    }

    void updateOpen()
    {
        if (std::exchange(m_openTold, element()->isOpen()) != element()->isOpen())
            Q_EMIT element()->openChanged();
    }

    // From the event loop, like every other error: handlers are there by then.
    void tellErrorLater()
    {
        QMetaObject::invokeMethod(
            element(),
            [element = element(), code = element()->error()] {
                Q_EMIT element->errorOccurred(code);
            },
            Qt::QueuedConnection);
    }

private:
    bool m_openTold = false;
    quint32 m_wishes = 0; // how often there was another one
};

} // namespace InterprocessQt

#endif
