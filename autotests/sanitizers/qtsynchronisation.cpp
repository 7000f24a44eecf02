// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Linked into the tests when they are built with ThreadSanitizer, and only then.
//
// The sanitizer learns which thread waits for which from the code that is built with it, and the Qt of the system is not:
// it does not see that an event is put into a list under a lock and taken out under the same lock, and takes the receiver's
// access to what the sender prepared for a data race. Here it is told:
//  - What was done before something that may post an event (a signal, invokeMethod(), deleteLater(), moveToThread(),
//    postEvent()) is done when a later event is delivered. All of this goes through one synchronisation object, which also
//    hides a race between two threads that happen to post and to receive unrelated events in between; races without such a
//    coincidence are found.
//  - What was done in a function that another thread waits for with invokeMethod(..., Qt::BlockingQueuedConnection) is done
//    when that returns.
//  - Semaphores and mutexes do what they are for.
//  - What a thread did is done when QThread::wait() returns, also if the thread had ended before.
// Not covered: signals connected with Qt::BlockingQueuedConnection, invokeMethod() with the name of a function.

#include <QtCore/qcoreevent.h>
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qnamespace.h>
#include <QtCore/qobjectdefs.h>

#include <cstdarg>
#include <dlfcn.h>
#include <pthread.h>
#include <sanitizer/tsan_interface.h>

namespace
{
char handOver;

// Qt calls it with the receiver, the event and the result, before each event that it delivers.
bool eventIsDelivered(void **data)
{
    const QEvent::Type type = static_cast<QEvent *>(data[1])->type();
    // Nobody posts these: the event loop of the receiver itself makes them.
    if (type != QEvent::Timer && type != QEvent::SockAct) {
        __tsan_acquire(&handOver);
    }
    return false;
}

[[maybe_unused]] const bool registered = QInternal::registerCallback(QInternal::EventNotifyCallback, eventIsDelivered);

// Functions of Qt are defined here a second time, under their C++ names: the dynamic linker takes those of the program
// first. This finds the ones that they replace.
template<typename Function>
Function qtsOwn(Function, const char *symbol)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, symbol));
}
} // namespace

// Aligned, since they stand for member functions: a pointer to one at an odd address would mean a virtual function.
#define INTERPOSE(result, name, symbol, ...)                                                                                                                   \
    extern "C" __attribute__((visibility("default"), aligned(16))) result name(__VA_ARGS__) __asm__(symbol);                                                   \
    constexpr char name##Symbol[] = symbol;                                                                                                                    \
    result name(__VA_ARGS__)

// ---- What posts events ----

INTERPOSE(void, activate, "_ZN11QMetaObject8activateEP7QObjectPKS_iPPv", void *sender, const void *metaObject, int signal, void **arguments)
{
    __tsan_release(&handOver);
    qtsOwn(activate, activateSymbol)(sender, metaObject, signal, arguments);
}

INTERPOSE(void, postEvent, "_ZN16QCoreApplication9postEventEP7QObjectP6QEventi", void *receiver, void *event, int priority)
{
    __tsan_release(&handOver);
    qtsOwn(postEvent, postEventSymbol)(receiver, event, priority);
}

INTERPOSE(void, deleteLater, "_ZN7QObject11deleteLaterEv", void *object)
{
    __tsan_release(&handOver);
    qtsOwn(deleteLater, deleteLaterSymbol)(object);
}

#if QT_VERSION < QT_VERSION_CHECK(6, 7, 0)
INTERPOSE(void, moveToThread, "_ZN7QObject12moveToThreadEP7QThread", void *object, void *thread)
#else
INTERPOSE(bool, moveToThread, "_ZN7QObject12moveToThreadEP7QThreadN2Qt15Disambiguated_tE", void *object, void *thread)
#endif
{
    __tsan_release(&handOver);
    return qtsOwn(moveToThread, moveToThreadSymbol)(object, thread);
}

// ---- invokeMethod() with a function ----

namespace
{
// Puts itself around the function that the other thread is to call, and tells when that is over.
class ToldSlot : public QtPrivate::QSlotObjectBase
{
public:
    explicit ToldSlot(QtPrivate::QSlotObjectBase *slot)
        : QSlotObjectBase(&ToldSlot::perform)
        , m_slot(slot)
    {
    }

private:
    static void perform(int operation, QSlotObjectBase *base, QObject *receiver, void **arguments, bool *)
    {
        auto *self = static_cast<ToldSlot *>(base);
        if (operation == Call) {
            self->m_slot->call(receiver, arguments);
            __tsan_release(&handOver);
        } else if (operation == Destroy) {
            self->m_slot->destroyIfLastRef();
            delete self;
        }
    }

    QtPrivate::QSlotObjectBase *m_slot;
};
} // namespace

#if QT_VERSION < QT_VERSION_CHECK(6, 7, 0)
INTERPOSE(bool,
          invokeMethod,
          "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv",
          void *receiver,
          QtPrivate::QSlotObjectBase *slot,
          int connection,
          void *result)
{
    const bool waits = connection == Qt::BlockingQueuedConnection;
    if (waits) {
        slot = new ToldSlot(slot);
    }
    __tsan_release(&handOver);
    const bool done = qtsOwn(invokeMethod, invokeMethodSymbol)(receiver, slot, connection, result);
    if (waits) {
        __tsan_acquire(&handOver);
    }
    return done;
}
#else
INTERPOSE(bool,
          invokeMethod,
          "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeExPKPKvPKPKcPKPKNS2_18QMetaTypeInterfaceE",
          void *receiver,
          QtPrivate::QSlotObjectBase *slot,
          int connection,
          qsizetype count,
          const void *const *values,
          const char *const *names,
          const void *const *types)
{
    const bool waits = connection == Qt::BlockingQueuedConnection;
    if (waits) {
        slot = new ToldSlot(slot);
    }
    __tsan_release(&handOver);
    const bool done = qtsOwn(invokeMethod, invokeMethodSymbol)(receiver, slot, connection, count, values, names, types);
    if (waits) {
        __tsan_acquire(&handOver);
    }
    return done;
}
#endif

// ---- Semaphores and mutexes ----

INTERPOSE(void, semaphoreRelease, "_ZN10QSemaphore7releaseEi", void *semaphore, int count)
{
    __tsan_release(semaphore);
    qtsOwn(semaphoreRelease, semaphoreReleaseSymbol)(semaphore, count);
}

INTERPOSE(void, semaphoreAcquire, "_ZN10QSemaphore7acquireEi", void *semaphore, int count)
{
    qtsOwn(semaphoreAcquire, semaphoreAcquireSymbol)(semaphore, count);
    __tsan_acquire(semaphore);
}

INTERPOSE(bool, semaphoreTryAcquire, "_ZN10QSemaphore10tryAcquireEi", void *semaphore, int count)
{
    const bool done = qtsOwn(semaphoreTryAcquire, semaphoreTryAcquireSymbol)(semaphore, count);
    __tsan_acquire(semaphore);
    return done;
}

INTERPOSE(bool, semaphoreTryAcquireFor, "_ZN10QSemaphore10tryAcquireEii", void *semaphore, int count, int milliseconds)
{
    const bool done = qtsOwn(semaphoreTryAcquireFor, semaphoreTryAcquireForSymbol)(semaphore, count, milliseconds);
    __tsan_acquire(semaphore);
    return done;
}

INTERPOSE(int, semaphoreAvailable, "_ZNK10QSemaphore9availableEv", void *semaphore)
{
    const int count = qtsOwn(semaphoreAvailable, semaphoreAvailableSymbol)(semaphore);
    __tsan_acquire(semaphore);
    return count;
}

// A mutex that nobody waits for is locked and unlocked inline, which the sanitizer sees; these are for the others.
INTERPOSE(void, mutexLock, "_ZN11QBasicMutex12lockInternalEv", void *mutex)
{
    qtsOwn(mutexLock, mutexLockSymbol)(mutex);
    __tsan_acquire(mutex);
}

INTERPOSE(void, mutexUnlock, "_ZN11QBasicMutex14unlockInternalEv", void *mutex)
{
    __tsan_release(mutex);
    qtsOwn(mutexUnlock, mutexUnlockSymbol)(mutex);
}

// ---- The end of threads ----

// The last thing that a QThread does is to wake those who wait for it.
extern "C" __attribute__((visibility("default"))) int pthread_cond_broadcast(pthread_cond_t *condition)
{
    static const auto original = reinterpret_cast<int (*)(pthread_cond_t *)>(dlsym(RTLD_NEXT, "pthread_cond_broadcast"));
    __tsan_release(&handOver);
    return original(condition);
}

INTERPOSE(bool, threadWait, "_ZN7QThread4waitE14QDeadlineTimer", void *thread, QDeadlineTimer deadline)
{
    const bool hasEnded = qtsOwn(threadWait, threadWaitSymbol)(thread, deadline);
    __tsan_acquire(&handOver);
    return hasEnded;
}

// ---- What starts processes ----

// QProcess starts children by clone(), with the memory shared and this thread suspended until the child calls exec(). The
// sanitizer's own clone() notes that only one thread is left and that threads are not to be followed any more, which is
// right for a child with its own memory: here it is noted for this process, and the next thread that it starts ends it.
extern "C" int __clone(int (*)(void *), void *, int, void *, ...);
extern "C" __attribute__((visibility("default"))) int clone(int (*function)(void *), void *stack, int flags, void *argument, ...)
{
    va_list arguments;
    va_start(arguments, argument);
    void *parentId = va_arg(arguments, void *);
    void *storage = va_arg(arguments, void *);
    void *childId = va_arg(arguments, void *);
    va_end(arguments);
    return __clone(function, stack, flags, argument, parentId, storage, childId);
}
