// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_WISH_H
#define INTERPROCESSQT_WISH_H

#include <QtCore/qobject.h>
#include <QtCore/qproperty.h>
#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// What is declared instead of called: whether an Element shall be active, which counts once its component is complete. See
// elementnumbers.h.
template<typename Element>
class Wish : public QQmlParserStatus
{
public:
    [[nodiscard]] bool isActive() const
    {
        return m_active;
    }
    void setActive(bool active)
    {
        m_active = active;
    }
    QBindable<bool> bindableActive()
    {
        return &m_active;
    }

    void classBegin() override
    {
        m_complete = false;
    }
    void componentComplete() override
    {
        m_complete = true;
        if (isActive())
            element()->begin();
    }

protected:
    [[nodiscard]] Element *element()
    {
        return static_cast<Element *>(this);
    }
    [[nodiscard]] const Element *element() const
    {
        return static_cast<const Element *>(this);
    }
    [[nodiscard]] bool isComplete() const
    {
        return m_complete;
    }

private:
    void tellActive()
    {
        Q_EMIT element()->activeChanged();
    }

    // Not by Q_OBJECT_BINDABLE_PROPERTY(): its function is constexpr, and for a template wanted before there is the member.
    QT_WARNING_PUSH
    QT_WARNING_DISABLE_INVALID_OFFSETOF
    static size_t offsetOfActive()
    {
        return offsetof(Wish, m_active);
    }
    QT_WARNING_POP
    QObjectBindableProperty<Wish, bool, &Wish::offsetOfActive, &Wish::tellActive> m_active{Element::ActiveByDefault};
    bool m_complete = true; // false between classBegin() and componentComplete()
};

// Where such properties look for their bindings.
template<typename Element>
[[nodiscard]] const QBindingStorage *qGetBindingStorage(const Wish<Element> *wish)
{
    return static_cast<const Element *>(wish)->bindingStorage();
}
template<typename Element>
[[nodiscard]] QBindingStorage *qGetBindingStorage(Wish<Element> *wish)
{
    return static_cast<Element *>(wish)->bindingStorage();
}

// A wish that goes with an address.
template<typename Element>
class AddressedWish : public Wish<Element>
{
public:
    [[nodiscard]] QString address() const
    {
        return m_address;
    }
    void setAddress(const QString &address)
    {
        m_address = address;
    }
    QBindable<QString> bindableAddress()
    {
        return &m_address;
    }

private:
    void tellAddress()
    {
        Q_EMIT this->element()->addressChanged();
    }

    QT_WARNING_PUSH
    QT_WARNING_DISABLE_INVALID_OFFSETOF
    static size_t offsetOfAddress()
    {
        return offsetof(AddressedWish, m_address);
    }
    QT_WARNING_POP
    QObjectBindableProperty<AddressedWish, QString, &AddressedWish::offsetOfAddress, &AddressedWish::tellAddress> m_address;
};

} // namespace InterprocessQt

#endif
